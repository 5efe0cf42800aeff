-- Whose clock: the database's. One place, so that the tests can move it with theirs.
CREATE FUNCTION people_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$;

CREATE FUNCTION people_london_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (moment AT TIME ZONE 'Europe/London')::date
$$;

-- What opens records is given from today on, by somebody, as the database's clock has it.
CREATE FUNCTION people_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.by_id IS NULL THEN
        IF current_setting('undrift.reach', true) IS DISTINCT FROM 'service' THEN
            RAISE EXCEPTION 'Nobody is named as having given this: % on % is refused.', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    NEW.at := people_clock();
    IF NEW.starts < people_london_day(NEW.at) THEN
        RAISE EXCEPTION 'Nothing is back-dated into a right: % from % on % is refused.', TG_TABLE_NAME, NEW.starts,
            people_london_day(NEW.at) USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER people_holding_given BEFORE INSERT ON people_holding FOR EACH ROW EXECUTE FUNCTION people_given();
CREATE TRIGGER people_cover_given BEFORE INSERT ON people_cover FOR EACH ROW EXECUTE FUNCTION people_given();

-- By a page such a row is ended, and nothing else becomes of it: its last day comes nearer, never further off.
CREATE FUNCTION people_only_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending text[] := ARRAY['ends', 'ended_at', 'ended_by_id'];
BEGIN
    IF current_setting('undrift.reach', true) = 'service' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending OR NEW.ends IS NULL
        OR NEW.ends > coalesce(OLD.ends, 'infinity'::date)
    THEN
        RAISE EXCEPTION 'This can only be ended: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER people_holding_ended BEFORE UPDATE ON people_holding FOR EACH ROW EXECUTE FUNCTION people_only_ended();
CREATE TRIGGER people_cover_ended BEFORE UPDATE ON people_cover FOR EACH ROW EXECUTE FUNCTION people_only_ended();

-- Two people, neither of whom it gives anything; settled once.
ALTER TABLE people_grant ADD CONSTRAINT people_grant_not_to_oneself
    CHECK (asked_by_id <> ALL ("to") AND (settled_by_id IS NULL OR outcome <> 'confirmed' OR settled_by_id <> ALL ("to")));

CREATE FUNCTION people_grant_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    settling text[] := ARRAY['settled_at', 'settled_by_id', 'outcome'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.asked_at := people_clock();
        IF NEW.settled_at IS NOT NULL THEN
            RAISE EXCEPTION 'What is asked is settled afterwards, by another.' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF OLD.settled_at IS NOT NULL OR to_jsonb(NEW) - settling <> to_jsonb(OLD) - settling THEN
        RAISE EXCEPTION 'What was asked is settled once, and stays as it was asked.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER people_grant_kept BEFORE INSERT OR UPDATE ON people_grant
    FOR EACH ROW EXECUTE FUNCTION people_grant_kept();
