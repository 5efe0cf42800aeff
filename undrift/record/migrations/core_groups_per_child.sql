-- Who is gathered around these children of a family, each with what says for whom and when: the core group of each of
-- them or of all; who took part in the latest conference held by then; and their plans, the latest first. Which of them
-- counts on a day is said by `who_plays`: an act is done at a moment, and a record that has ended shows its last day.
CREATE FUNCTION record_gathered(family bigint, about bigint[], until timestamptz) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_array(
        (SELECT json_agg(json_build_array(m.person_id, m.child_id, m.name, m.starts, m.ends) ORDER BY m.id)
         FROM children_coregroupmember m
         WHERE m.family_id = family AND (m.child_id IS NULL OR m.child_id = ANY (about))),
        (SELECT json_agg(person_id ORDER BY id) FROM children_conference_participants
         WHERE conference_id = (SELECT id FROM children_conference
                                WHERE family_id = family AND held_on <= coalesce(until, 'infinity')
                                ORDER BY held_on DESC LIMIT 1)),
        (SELECT json_agg(json_build_array(p.child_id, p.chair_id, p.social_worker_id, p.team_id, p.starts, p.ends)
                         ORDER BY p.starts DESC, p.id DESC)
         FROM children_plan p WHERE p.child_id = ANY (about)));
END
$$;

CREATE FUNCTION record_gathered_around(c record_case) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN record_gathered(
        c.family_id, ARRAY(SELECT child_id FROM record_casechild WHERE case_id = c.id ORDER BY child_id), c.ended_at);
END
$$;

-- The same for whoever sees the case. Who plays a part is the same for every reader, whatever else of the children they
-- may see: so it is the owner's.
CREATE FUNCTION record_gathered_of(number bigint) RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF record_is_service() OR undrift_sees(number) THEN
        RETURN (SELECT record_gathered_around(c) FROM record_case c WHERE c.id = number);
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION record_whole(c record_case, a people_authority) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_object(
        'now', clock_timestamp(),
        'case', row_to_json(c),
        'own', record_own(c.kind, c.id),
        'authority', row_to_json(a),
        'council', record_of_council(a.id, a.partnership_id),
        'kept_out', (SELECT json_object_agg(k.person_id, k.why) FROM undrift_kept_out(c.id) k),
        'gathered', record_gathered_around(c),
        'history', (SELECT json_agg(json_build_array(seq, type, version, payload, by_person, by_name, by_role,
                                                     on_behalf_of_name, happened_at) ORDER BY seq)
                    FROM record_event WHERE case_id = c.id));
END
$$;

CREATE OR REPLACE FUNCTION record_begin(council bigint, partnership bigint, family bigint, children bigint[])
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
        'gathered', record_gathered(family, children, NULL));
END
$$;

DROP FUNCTION record_gathered(bigint);
