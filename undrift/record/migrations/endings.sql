-- A hash of the columns that end a row, as they are in it; empty where there is nothing in them.
-- To be called where the time zone is UTC: `row` has its moments as text.
CREATE FUNCTION record_end("row" jsonb, columns text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN said = '{}' THEN '' ELSE encode(sha256(convert_to(said::text, 'UTF8')), 'hex') END
    FROM (SELECT jsonb_strip_nulls(jsonb_object_agg(name, "row" -> name)) FROM unnest(columns) name) AS of (said)
$$;

-- What the application writes. What somebody writes past it says nothing of a reach, is not kept, and so is found.
CREATE FUNCTION record_keep_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
BEGIN
    IF coalesce(current_setting('undrift.reach', true), '') <> '' THEN
        INSERT INTO record_ending (of_table, number, said, at)
        VALUES (TG_TABLE_NAME, NEW.id, record_end(to_jsonb(NEW), TG_ARGV), people_clock());
    END IF;
    RETURN NULL;
END
$$;
