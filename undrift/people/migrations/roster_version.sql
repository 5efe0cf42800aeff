-- The version of each council's and each partnership's roster: another whenever its units, posts, holders, cover or
-- people change. A process keeps a roster for as long as the version is the one it read (undrift/people/kept_rosters.py).
--
-- A version is drawn at random, never counted: one that was rolled back, or given before a backup was restored, is
-- never given again for something else. It is written in the transaction that changes the roster, so that it is seen
-- exactly where the change is; two changes to one roster wait for one another.

CREATE FUNCTION people_scopes(authority bigint, partnership bigint) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY['authority ' || authority, 'partnership ' || partnership], NULL)
$$;

-- In one order, so that two changes of the same rosters do not wait for one another in a circle.
CREATE FUNCTION people_roster_is_new(scopes text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO people_rosterversion (scope, version)
    SELECT scope, gen_random_uuid() FROM (SELECT DISTINCT unnest(scopes) AS scope ORDER BY 1) changed
    ON CONFLICT (scope) DO UPDATE SET version = excluded.version
$$;

CREATE FUNCTION people_owned_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_roster_is_new(ARRAY(SELECT unnest(people_scopes(authority_id, partnership_id)) FROM changed));
    RETURN NULL;
END
$$;

-- An agency's name is read with its posts, whoever's they are.
CREATE FUNCTION people_agency_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_roster_is_new(ARRAY(
        SELECT unnest(people_scopes(authority_id, partnership_id)) FROM changed
        UNION SELECT unnest(people_scopes(p.authority_id, p.partnership_id))
        FROM people_post p JOIN changed ON changed.id = p.agency_id));
    RETURN NULL;
END
$$;

-- Whoever's post it is: a holding belongs to the roster that the post is in.
CREATE FUNCTION people_holding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_roster_is_new(ARRAY(
        SELECT unnest(people_scopes(p.authority_id, p.partnership_id))
        FROM people_post p JOIN changed ON changed.post_id = p.id));
    RETURN NULL;
END
$$;

-- As with holdings: cover belongs to the roster that whoever is away is in.
CREATE FUNCTION people_cover_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_roster_is_new(ARRAY(
        SELECT unnest(people_scopes(p.authority_id, p.partnership_id))
        FROM people_person p JOIN changed ON changed.away_id = p.id));
    RETURN NULL;
END
$$;

-- A person may hold posts of a partnership, and cover for people of another council.
CREATE FUNCTION people_in_whose_rosters(people bigint[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT unnest(people_scopes(p.authority_id, p.partnership_id))
        FROM people_post p JOIN people_holding h ON h.post_id = p.id WHERE h.person_id = ANY (people)
        UNION SELECT unnest(people_scopes(p.authority_id, p.partnership_id))
        FROM people_person p JOIN people_cover c ON c.away_id = p.id WHERE c.covering_id = ANY (people))
$$;

CREATE FUNCTION people_person_came_or_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM people_roster_is_new(
        ARRAY(SELECT unnest(people_scopes(authority_id, partnership_id)) FROM changed)
        || people_in_whose_rosters(ARRAY(SELECT id FROM changed)));
    RETURN NULL;
END
$$;

-- Signing in, and another password, change nothing that a roster tells.
CREATE FUNCTION people_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    others bigint[] := ARRAY(
        SELECT after.id FROM after JOIN before ON before.id = after.id
        WHERE to_jsonb(after) - 'password' - 'last_login' <> to_jsonb(before) - 'password' - 'last_login');
BEGIN
    IF others <> '{}' THEN
        PERFORM people_roster_is_new(
            ARRAY(SELECT unnest(people_scopes(authority_id, partnership_id)) FROM after WHERE id = ANY (others))
            || ARRAY(SELECT unnest(people_scopes(authority_id, partnership_id)) FROM before WHERE id = ANY (others))
            || people_in_whose_rosters(others));
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION people_rosters_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE people_rosterversion SET version = gen_random_uuid();
    RETURN NULL;
END
$$;

DO $$
DECLARE
    watched record;
BEGIN
    FOR watched IN
        SELECT * FROM (VALUES
            ('people_unit', 'people_owned_changed'), ('people_post', 'people_owned_changed'),
            ('people_agency', 'people_agency_changed'), ('people_holding', 'people_holding_changed'),
            ('people_cover', 'people_cover_changed'), ('people_person', 'people_person_came_or_went')
        ) AS t (name, does)
    LOOP
        EXECUTE format('CREATE TRIGGER roster_rows_came AFTER INSERT ON %I REFERENCING NEW TABLE AS changed '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', watched.name, watched.does);
        EXECUTE format('CREATE TRIGGER roster_rows_went AFTER DELETE ON %I REFERENCING OLD TABLE AS changed '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', watched.name, watched.does);
        EXECUTE format('CREATE TRIGGER roster_emptied AFTER TRUNCATE ON %I '
            'FOR EACH STATEMENT EXECUTE FUNCTION people_rosters_emptied()', watched.name);
        CONTINUE WHEN watched.name = 'people_person';
        EXECUTE format('CREATE TRIGGER roster_rows_were AFTER UPDATE ON %I REFERENCING OLD TABLE AS changed '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', watched.name, watched.does);
        EXECUTE format('CREATE TRIGGER roster_rows_are AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed '
            'FOR EACH STATEMENT EXECUTE FUNCTION %I()', watched.name, watched.does);
    END LOOP;
END
$$;

CREATE TRIGGER roster_rows_changed AFTER UPDATE ON people_person REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION people_person_changed();
