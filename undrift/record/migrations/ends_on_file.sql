-- What files say of the plan cycle of a family and some of its children, with when it was said that a plan has ended.
-- Asked of a plan that the reader sees. It is a moment and no more.
CREATE FUNCTION record_end_told(plan bigint) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT max(f.at) FROM children_factchange f
    WHERE f.entity = 'plan' AND f.object_id = plan AND f.field = 'ends' AND f.was = '';
$$;

CREATE OR REPLACE FUNCTION record_on_file(family bigint, about bigint[]) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN json_build_object(
        'conferences', (
            SELECT json_agg(json_build_array(m.kind, (m.held_on AT TIME ZONE 'Europe/London')::date) ORDER BY m.held_on)
            FROM children_conference m
            WHERE m.family_id = family AND m.held_on IS NOT NULL AND m.cancelled_at IS NULL),
        'planned', (
            SELECT json_agg(json_build_array(m.kind, (m.planned_for AT TIME ZONE 'Europe/London')::date,
                record_told_on(m.id)) ORDER BY m.planned_for)
            FROM children_conference m
            WHERE m.family_id = family AND m.held_on IS NULL AND m.cancelled_at IS NULL),
        'checks', (
            SELECT json_agg(json_build_array(p.child_id, (k.done_at AT TIME ZONE 'Europe/London')::date))
            FROM children_midpointcheck k JOIN children_plan p ON p.id = k.plan_id
            WHERE p.child_id = ANY (about) AND k.done_at IS NOT NULL),
        'plans', (
            SELECT json_agg(json_build_object(
                'child', p.child_id, 'starts', p.starts, 'ends', p.ends, 'review', p.latest_review,
                'before', p.previous_plans, 'visit', p.last_visit, 'alone', p.seen_alone,
                'told', CASE WHEN p.ends IS NOT NULL THEN record_end_told(p.id) END) ORDER BY p.starts)
            FROM children_plan p WHERE p.child_id = ANY (about)));
END
$$;
