-- What a resolution has beside its case, for `record_take` and `record_keep`.

CREATE FUNCTION resolutions_own(number bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT row_to_json(o) FROM resolutions_resolution o WHERE o.case_id = number);
END
$$;

CREATE FUNCTION resolutions_keep(told json) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO resolutions_resolution (case_id, raised_at, first_stage, stage, highest_stage, entered_at, formality,
                                        risk, grounds, ending)
    SELECT case_id, raised_at, first_stage, stage, highest_stage, entered_at, formality, risk, grounds, ending
    FROM json_populate_recordset(NULL::resolutions_resolution, told)
    ON CONFLICT (case_id) DO UPDATE SET
        raised_at = excluded.raised_at, first_stage = excluded.first_stage, stage = excluded.stage,
        highest_stage = excluded.highest_stage, entered_at = excluded.entered_at, formality = excluded.formality,
        risk = excluded.risk, grounds = excluded.grounds, ending = excluded.ending;
END
$$;
