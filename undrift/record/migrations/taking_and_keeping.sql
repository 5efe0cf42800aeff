-- A case taken, and what an act made of it kept: one statement each. The reasons are in docs/why/decisions/0012.
--
-- Each is a function, so that PostgreSQL plans what is inside once a connection and not once an act; and not one query,
-- because what stands in it has to happen in order: first the lock, then the reading, of what is so once the lock was
-- had. (Every statement in a VOLATILE function sees what was committed before it began.)
--
-- A case is locked in the sight of whoever acts: what row-level security hides from them is not there to be locked.
-- What follows is the owner's, whom no policy binds: who plays a part is the same for every reader, and an act that was
-- allowed is written down whole. It reads and writes the cases that were taken in this transaction, and no other; the
-- service may any. (To ask the policies again of every row that is written costs more than all the writing.)

CREATE FUNCTION record_is_service() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(current_setting('undrift.reach', true), '') = 'service';
END
$$;

CREATE FUNCTION record_taken() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce(nullif(current_setting('undrift.taken', true), ''), '{}')::bigint[];
END
$$;

-- As long as the transaction, or the savepoint, as the lock itself.
CREATE FUNCTION record_note_taken(numbers bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT record_is_service() THEN
        PERFORM set_config('undrift.taken', (record_taken() || numbers)::text, true);
    END IF;
END
$$;

CREATE FUNCTION record_only_taken(numbers bigint[]) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT record_is_service() AND NOT numbers <@ record_taken() THEN
        RAISE EXCEPTION 'Of cases %, one was not taken in this transaction: take it first, as whoever acts.', numbers
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

-- The closure days of a council, and its roster's version.
CREATE FUNCTION record_of_council(council bigint, partnership bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_object(
        'closures', (SELECT json_agg(json_build_array(date, reason) ORDER BY date) FROM people_closureday
                     WHERE authority_id = council),
        'roster', json_build_array(
            (SELECT version FROM people_rosterversion WHERE scope = 'authority ' || council),
            (SELECT version FROM people_rosterversion WHERE scope = 'partnership ' || partnership)));
END
$$;

-- Who is in the family's core group, and who took part in the latest conference that was held.
CREATE FUNCTION record_gathered(family bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_array(
        (SELECT json_agg(person_id ORDER BY id) FROM children_coregroupmember
         WHERE family_id = family AND person_id IS NOT NULL AND ends IS NULL),
        (SELECT json_agg(person_id ORDER BY id) FROM children_conference_participants
         WHERE conference_id = (SELECT id FROM children_conference WHERE family_id = family AND held_on IS NOT NULL
                                ORDER BY held_on DESC LIMIT 1)));
END
$$;

-- What the kind of a case keeps beside it. The kind's own room says what that is.
CREATE FUNCTION record_own(kind text, number bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE kind WHEN 'resolution' THEN resolutions_own(number) END;
END
$$;

CREATE FUNCTION record_whole(c record_case, a people_authority) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_object(
        'now', clock_timestamp(),
        'case', row_to_json(c),
        'own', record_own(c.kind, c.id),
        'authority', row_to_json(a),
        'council', record_of_council(a.id, a.partnership_id),
        'kept_out', (SELECT json_object_agg(k.person_id, k.why) FROM undrift_kept_out(c.id) k),
        'gathered', record_gathered(c.family_id),
        'history', (SELECT json_agg(json_build_array(seq, type, version, payload, by_person, by_name, by_role,
                                                     on_behalf_of_name, happened_at) ORDER BY seq)
                    FROM record_event WHERE case_id = c.id));
END
$$;

-- These cases whole, in the order of their numbers.
CREATE FUNCTION record_told(numbers bigint[]) RETURNS SETOF json LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM record_only_taken(numbers);
    RETURN QUERY SELECT record_whole(c, a) FROM record_case c JOIN people_authority a ON a.id = c.authority_id
        WHERE c.id = ANY (numbers) ORDER BY c.id;
END
$$;

-- Cases locked until the transaction ends, each with all that is needed to act on it. Without patience, whatever is
-- held by somebody else is left out. What the caller may not see is not there.
CREATE FUNCTION record_take(numbers bigint[], patient boolean) RETURNS SETOF json LANGUAGE plpgsql AS $$
DECLARE
    mine bigint[];
BEGIN
    IF patient THEN
        mine := ARRAY(SELECT id FROM record_case WHERE id = ANY (numbers) ORDER BY id FOR UPDATE);
    ELSE
        mine := ARRAY(SELECT id FROM record_case WHERE id = ANY (numbers) ORDER BY id FOR UPDATE SKIP LOCKED);
    END IF;
    PERFORM record_note_taken(mine);
    RETURN QUERY SELECT record_told(mine);
END
$$;

-- The same without the lock, each with what is stored beside it: what `undrift rebuild` compares. All of one moment.
CREATE FUNCTION record_compare(numbers bigint[]) RETURNS TABLE (whole json, stored json) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM record_only_taken(numbers);
    RETURN QUERY
    SELECT record_whole(c, a), json_build_object(
        'duties', (SELECT json_agg(row_to_json(d)) FROM record_duty d WHERE d.case_id = c.id),
        'children', (SELECT json_agg(json_build_array(b.child_id, b.settled)) FROM record_casechild b
                     WHERE b.case_id = c.id),
        'hash', (SELECT e.hash FROM record_event e WHERE e.case_id = c.id ORDER BY e.seq DESC LIMIT 1))
    FROM record_case c JOIN people_authority a ON a.id = c.authority_id
    WHERE c.id = ANY (numbers) ORDER BY c.id;
END
$$;

-- All that is needed to begin a case: its number, and what `record_whole` tells of one.
CREATE FUNCTION record_begin(council bigint, partnership bigint, family bigint, children bigint[])
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given bigint := nextval('record_case_id_seq');
BEGIN
    IF coalesce(current_setting('undrift.reach', true), '') = '' THEN
        RAISE EXCEPTION 'Whoever sees nothing begins nothing.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM record_note_taken(ARRAY[given]);
    RETURN json_build_object(
        'now', clock_timestamp(),
        'number', given,
        'council', record_of_council(council, partnership),
        'kept_out', (SELECT json_object_agg(k.person_id, k.why) FROM undrift_kept_out_of(children) k),
        'gathered', record_gathered(family));
END
$$;

-- What was decided of any number of cases, in one statement: histories added to, summaries and duties brought in line,
-- notices put into the outbox. Gives the references of those that are new, by number. Every row is of one of `cases`.
-- PostgreSQL takes a list for a hundred rows, and would read through whole tables, and compile for it: here it goes by
-- index, as planned once.
CREATE FUNCTION record_keep(new json, cases json, resolutions json, events json, duties json, owed json, children json,
                            notices json)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    mine bigint[] := ARRAY(SELECT (c ->> 'id')::bigint FROM json_array_elements(cases) c);
    given json;
BEGIN
    PERFORM record_only_taken(mine);
    IF json_array_length(new) > 0 THEN
        given := record_add(new, cases);
    END IF;

    UPDATE record_case c SET
        responsible_agency_id = n.responsible_agency_id, chair_id = n.chair_id,
        tag = n.tag, next_role = n.next_role, next_person_id = n.next_person_id, next_name = n.next_name,
        next_must = n.next_must, due = n.due, due_at = n.due_at, turns_at = n.turns_at,
        then_tag = n.then_tag, then_role = n.then_role, then_person_id = n.then_person_id, then_name = n.then_name,
        then_must = n.then_must, then_due = n.then_due, then_due_at = n.then_due_at,
        people_at = n.people_at, ended_at = n.ended_at, last_seq = n.last_seq, last_hash = n.last_hash,
        last_at = n.last_at, summary_version = n.summary_version
    FROM json_populate_recordset(NULL::record_case, cases) n
    WHERE c.id = n.id AND c.authority_id = n.authority_id AND (given IS NULL OR given ->> n.id::text IS NULL);

    IF json_array_length(resolutions) > 0 THEN
        PERFORM resolutions_keep(resolutions);
    END IF;

    INSERT INTO record_event (authority_id, case_id, seq, type, version, payload, by_person, by_name, by_role,
                              on_behalf_of, on_behalf_of_name, happened_at, recorded_at, previous_hash, hash)
    SELECT authority_id, case_id, seq, type, version, payload, by_person, by_name, by_role,
           on_behalf_of, on_behalf_of_name, happened_at, recorded_at, previous_hash, hash
    FROM json_populate_recordset(NULL::record_event, events) WHERE case_id = ANY (mine);

    -- Only what differs is written: most of what is owed stays as it was.
    INSERT INTO record_duty AS d (authority_id, case_id, key, stage, who, post_id, person_id, name, must, action, basis,
                                  due, due_at, never_late, met_at, gone_at, lapsed_at)
    SELECT n.authority_id, n.case_id, n.key, n.stage, n.who, n.post_id, n.person_id, n.name, n.must, n.action, n.basis,
           n.due, n.due_at, n.never_late, n.met_at, n.gone_at, n.lapsed_at
    FROM json_populate_recordset(NULL::record_duty, duties) n
    LEFT JOIN record_duty o ON o.case_id = n.case_id AND o.key = n.key
    WHERE n.case_id = ANY (mine) AND (o.stage, o.who, o.post_id, o.person_id, o.name, o.must, o.action, o.basis, o.due, o.due_at, o.never_late,
           o.met_at, o.gone_at, o.lapsed_at)
        IS DISTINCT FROM
          (n.stage, n.who, n.post_id, n.person_id, n.name, n.must, n.action, n.basis, n.due, n.due_at, n.never_late,
           n.met_at, n.gone_at, n.lapsed_at)
    ON CONFLICT (case_id, key) DO UPDATE SET
        stage = excluded.stage, who = excluded.who, post_id = excluded.post_id, person_id = excluded.person_id,
        name = excluded.name, must = excluded.must, action = excluded.action, basis = excluded.basis,
        due = excluded.due, due_at = excluded.due_at, never_late = excluded.never_late, met_at = excluded.met_at,
        gone_at = excluded.gone_at, lapsed_at = excluded.lapsed_at;
    DELETE FROM record_duty d USING json_to_recordset(owed) AS n(case_id bigint, keys text[])
    WHERE d.case_id = n.case_id AND n.case_id = ANY (mine) AND d.key <> ALL (n.keys);

    INSERT INTO record_casechild AS a (authority_id, case_id, child_id, settled)
    SELECT n.authority_id, n.case_id, n.child_id, n.settled
    FROM json_populate_recordset(NULL::record_casechild, children) n
    LEFT JOIN record_casechild o ON o.case_id = n.case_id AND o.child_id = n.child_id
    WHERE n.case_id = ANY (mine) AND o.settled IS DISTINCT FROM n.settled
    ON CONFLICT (case_id, child_id) DO UPDATE SET settled = excluded.settled;

    INSERT INTO record_notice (authority_id, case_id, seq, to_person_id, role, kind, ask, stage, due, urgent, created_at,
                               next_attempt_at, attempts, last_error)
    SELECT authority_id, case_id, seq, to_person_id, role, kind, ask, stage, due, urgent, created_at,
           next_attempt_at, 0, ''
    FROM json_populate_recordset(NULL::record_notice, notices) WHERE case_id = ANY (mine)
    ON CONFLICT DO NOTHING;

    RETURN given;
END
$$;

-- New cases, each under the next reference of its letters and year. The counter's row stays locked until the
-- transaction ends, so that a number is never given twice and never lost.
CREATE FUNCTION record_add(new json, cases json) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    one record;
    number integer;
    given jsonb := '{}';
BEGIN
    FOR one IN SELECT * FROM json_to_recordset(new) AS n(id bigint, scope text, letters text, year integer) LOOP
        INSERT INTO record_referencecounter AS r (scope, letters, year, last)
        VALUES (one.scope, one.letters, one.year, 1)
        ON CONFLICT (scope, letters, year) DO UPDATE SET last = r.last + 1
        RETURNING last INTO number;
        given := given || jsonb_build_object(
            one.id::text,
            one.letters || '-' || one.year || '-' || lpad(number::text, greatest(4, length(number::text)), '0'));
    END LOOP;
    INSERT INTO record_case (
        id, authority_id, kind, reference, family_id, protocol_id, protocol_version, team_id, chair_id,
        social_worker_id, responsible_agency_id, raising_agency_id, tag, next_role, next_person_id, next_name,
        next_must, due, due_at, turns_at, then_tag, then_role, then_person_id, then_name, then_must, then_due,
        then_due_at, people_at, ended_at, last_seq, last_hash, last_at, sealed_seq, summary_version)
    SELECT
        id, authority_id, kind, given ->> id::text, family_id, protocol_id, protocol_version, team_id, chair_id,
        social_worker_id, responsible_agency_id, raising_agency_id, tag, next_role, next_person_id, next_name,
        next_must, due, due_at, turns_at, then_tag, then_role, then_person_id, then_name, then_must, then_due,
        then_due_at, people_at, ended_at, last_seq, last_hash, last_at, 0, summary_version
    FROM json_populate_recordset(NULL::record_case, cases) WHERE given ? id::text;
    RETURN given::json;
END
$$;
