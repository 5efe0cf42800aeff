-- A case whole, with those of its children who have died: what is about nobody who lives is held (`record.held`).
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
        'dead', (SELECT json_agg(k.id ORDER BY k.id) FROM record_casechild b JOIN children_child k ON k.id = b.child_id
                 WHERE b.case_id = c.id AND k.died_on IS NOT NULL),
        'gathered', record_gathered_around(c),
        'history', (SELECT json_agg(json_build_array(seq, type, version, payload, by_person, by_name, by_role,
                                                     on_behalf_of_name, happened_at) ORDER BY seq)
                    FROM record_event WHERE case_id = c.id));
END
$$;
