-- What is on file of the plans of these children of a family: conferences that were held, checks that were done, and the
-- plans with the latest review and visit that the source knows. How it is taken is said by `filed`.
CREATE FUNCTION record_on_file(family bigint, about bigint[]) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_object(
        'conferences', (
            SELECT json_agg(json_build_array(m.kind, (m.held_on AT TIME ZONE 'Europe/London')::date) ORDER BY m.held_on)
            FROM children_conference m
            WHERE m.family_id = family AND m.held_on IS NOT NULL AND m.cancelled_at IS NULL),
        'checks', (
            SELECT json_agg(json_build_array(p.child_id, (k.done_at AT TIME ZONE 'Europe/London')::date))
            FROM children_midpointcheck k JOIN children_plan p ON p.id = k.plan_id
            WHERE p.child_id = ANY (about) AND k.done_at IS NOT NULL),
        'plans', (
            SELECT json_agg(json_build_object(
                'child', p.child_id, 'starts', p.starts, 'ends', p.ends, 'review', p.latest_review,
                'before', p.previous_plans, 'visit', p.last_visit, 'alone', p.seen_alone) ORDER BY p.starts)
            FROM children_plan p WHERE p.child_id = ANY (about)));
END
$$;

CREATE FUNCTION record_on_file_around(c record_case) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN record_on_file(
        c.family_id, ARRAY(SELECT child_id FROM record_casechild WHERE case_id = c.id ORDER BY child_id));
END
$$;

CREATE OR REPLACE FUNCTION record_whole(c record_case, a people_authority) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_object(
        'now', clock_timestamp(),
        'case', row_to_json(c),
        'own', record_own(c.kind, c.id),
        'file', CASE c.kind WHEN 'plan' THEN record_on_file_around(c) END,
        'authority', row_to_json(a),
        'council', record_of_council(a.id, a.partnership_id),
        'kept_out', (SELECT json_object_agg(k.person_id, k.why) FROM undrift_kept_out(c.id) k),
        'gathered', record_gathered_around(c),
        'history', (SELECT json_agg(json_build_array(seq, type, version, payload, by_person, by_name, by_role,
                                                     on_behalf_of_name, happened_at) ORDER BY seq)
                    FROM record_event WHERE case_id = c.id));
END
$$;

-- A case whole for whoever sees it, not locked: what is owed and who plays a part is the same for every reader, so it is
-- the owner's.
CREATE FUNCTION record_seen(number bigint) RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF record_is_service() OR undrift_sees(number) THEN
        RETURN (SELECT record_whole(c, a) FROM record_case c JOIN people_authority a ON a.id = c.authority_id
                WHERE c.id = number);
    END IF;
    RETURN NULL;
END
$$;
