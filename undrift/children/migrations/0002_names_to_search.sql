-- The names by which a child is searched for, cut up so that an index meets them.
--
-- Under row-level security no index answers to ILIKE: PostgreSQL asks a policy before it asks what could tell something.
-- So a search runs in a function of the owner's, which gives numbers only; the rows are then read under the policies.
-- No policy lets anybody read these tables themselves.

-- Every beginning at which a name can be met: a name whole, and from each part of a double name on. A number in the case
-- system begins with '#', which no name does. `whole`: it begins the child's own first or last name.
CREATE TABLE children_namepart (
    authority_id bigint NOT NULL,
    part text COLLATE "C" NOT NULL,
    last_name text NOT NULL,
    first_name text NOT NULL,
    child_id bigint NOT NULL,
    whole boolean NOT NULL,
    PRIMARY KEY (authority_id, part, last_name, first_name, child_id) INCLUDE (whole)
);
CREATE INDEX children_namepart_child ON children_namepart (child_id, part COLLATE "C");
ALTER TABLE children_namepart ENABLE ROW LEVEL SECURITY;

-- Each name with one or two of its letters left out: two names that are nearly the same meet in one of these.
CREATE TABLE children_nearname (
    variant text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    PRIMARY KEY (variant, name)
);
CREATE INDEX children_nearname_name ON children_nearname (name COLLATE "C");
ALTER TABLE children_nearname ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION undrift_name_parts(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT lower(name) WHERE name <> ''
    UNION SELECT substr(lower(name), place + 1) FROM generate_series(1, length(name) - 1) place
        WHERE substr(name, place, 1) IN (' ', '-')
    UNION SELECT piece FROM regexp_split_to_table(lower(name), '[\s-]+') piece WHERE piece <> ''
$$;

CREATE FUNCTION undrift_name_variants(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    WITH one AS (SELECT overlay(name PLACING '' FROM place FOR 1) AS word FROM generate_series(1, length(name)) place)
    SELECT name
    UNION SELECT word FROM one WHERE length(name) > 2
    UNION SELECT overlay(word PLACING '' FROM place FOR 1) FROM one, generate_series(1, length(word)) place
        WHERE length(name) > 5
$$;

-- Letters left out, put in, changed, or two neighbours swapped, to get from one word to the other.
CREATE FUNCTION undrift_slips(one text, other text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    above integer[]; before integer[]; here integer[]; steps integer;
    a text[] := string_to_array(one, NULL); b text[] := string_to_array(other, NULL);
BEGIN
    here := ARRAY(SELECT generate_series(0, length(other)));
    FOR i IN 1 .. length(one) LOOP
        above := before; before := here; here := ARRAY[i];
        FOR j IN 1 .. length(other) LOOP
            steps := least(before[j + 1] + 1, here[j] + 1, before[j] + (a[i] <> b[j])::integer);
            IF i > 1 AND j > 1 AND a[i] = b[j - 1] AND a[i - 1] = b[j] THEN
                steps := least(steps, above[j - 1] + 1);
            END IF;
            here := here || steps;
        END LOOP;
    END LOOP;
    RETURN here[length(other) + 1];
END
$$;

-- Whether a word could be a name, misspelled: one slip in a name of up to five letters, two in a longer one. A name of
-- one or two letters differs from too many others to allow any.
CREATE FUNCTION undrift_is_near(word text, name text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN least(length(word), length(name)) < 3 THEN word = name
        ELSE undrift_slips(word, name) <= CASE WHEN least(length(word), length(name)) <= 5 THEN 1 ELSE 2 END
    END
$$;

-- Kept up by the tables that the names stand in, whoever writes to them.
CREATE FUNCTION undrift_names_of(numbers bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE gone text[];
BEGIN
    WITH taken AS (DELETE FROM children_namepart WHERE child_id = ANY (numbers) RETURNING part)
    SELECT array_agg(DISTINCT part) INTO gone FROM taken;
    INSERT INTO children_namepart (authority_id, part, last_name, first_name, child_id, whole)
    SELECT c.authority_id, p.part, c.last_name, c.first_name, c.id, p.part IN (lower(c.first_name), lower(c.last_name))
    FROM children_child c JOIN children_family f ON f.id = c.family_id,
    LATERAL (
        SELECT undrift_name_parts(c.first_name) UNION SELECT undrift_name_parts(c.last_name)
        UNION SELECT undrift_name_parts(f.name) UNION SELECT '#' || lower(c.external_id) WHERE c.external_id <> ''
    ) p (part)
    WHERE c.id = ANY (numbers);
    -- A name that nobody has any more is not kept.
    DELETE FROM children_nearname n WHERE n.name = ANY (gone)
        AND NOT EXISTS (SELECT FROM people_authority a JOIN children_namepart p ON p.authority_id = a.id AND p.part = n.name);
    INSERT INTO children_nearname (variant, name)
    SELECT v, new.part FROM (
        SELECT DISTINCT p.part FROM children_namepart p WHERE p.child_id = ANY (numbers)
            AND p.part NOT LIKE '#%' AND length(p.part) <= 24
            AND NOT EXISTS (SELECT FROM children_nearname n WHERE n.variant = p.part AND n.name = p.part)
    ) new, undrift_name_variants(new.part) v
    ON CONFLICT DO NOTHING;
END
$$;
CREATE FUNCTION undrift_child_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM undrift_names_of(ARRAY[coalesce(NEW.id, OLD.id)]);
    RETURN NULL;
END
$$;
CREATE FUNCTION undrift_family_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM undrift_names_of(ARRAY(SELECT id FROM children_child WHERE family_id = NEW.id));
    RETURN NULL;
END
$$;
CREATE FUNCTION undrift_nobody_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE children_namepart, children_nearname;
    RETURN NULL;
END
$$;
CREATE TRIGGER children_child_named AFTER INSERT OR DELETE ON children_child
FOR EACH ROW EXECUTE FUNCTION undrift_child_named();
CREATE TRIGGER children_child_renamed AFTER UPDATE ON children_child FOR EACH ROW
WHEN ((OLD.authority_id, OLD.family_id, OLD.first_name, OLD.last_name, OLD.external_id)
    IS DISTINCT FROM (NEW.authority_id, NEW.family_id, NEW.first_name, NEW.last_name, NEW.external_id))
EXECUTE FUNCTION undrift_child_named();
CREATE TRIGGER children_family_renamed AFTER UPDATE ON children_family FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION undrift_family_named();
CREATE TRIGGER children_nobody_named AFTER TRUNCATE ON children_child
FOR EACH STATEMENT EXECUTE FUNCTION undrift_nobody_named();

-- The names on file that a word nearly is. It gives names, so only the owner's functions may ask it.
CREATE FUNCTION undrift_names_near(word text) RETURNS SETOF text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT DISTINCT n.name FROM undrift_name_variants(left(lower(word), 30)) v
    JOIN children_nearname n ON n.variant = v
    WHERE undrift_is_near(lower(word), n.name)
$$;
REVOKE ALL ON FUNCTION undrift_names_near FROM PUBLIC;

-- The children of these councils, or only those `among`, whom each of the words fits: it begins a name, or a part of a
-- double name, or is the whole number in the case system; with `near`, it is nearly a name or a part of one. With
-- `whole_only` it has to begin the child's own first or last name, or be the number.
CREATE FUNCTION undrift_named(councils bigint[], words text[], near boolean, among bigint[], shut bigint[],
                              whole_only boolean)
RETURNS TABLE (last_name text, first_name text, child_id bigint) LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
DECLARE
    words_of integer[]; lows text[]; highs text[]; lead integer;
BEGIN
    -- Each word as spans of the index. A byte of 1 sorts before whatever could follow; U+10FFFF after it.
    SELECT array_agg(n), array_agg(begins), array_agg(ends) INTO words_of, lows, highs FROM (
        SELECT n, lower(word) AS begins, lower(word) || chr(1114111) AS ends
        FROM unnest(words) WITH ORDINALITY w (word, n) WHERE NOT near
        UNION ALL
        SELECT n, '#' || lower(word), '#' || lower(word) || chr(1)
        FROM unnest(words) WITH ORDINALITY w (word, n) WHERE NOT near
        UNION ALL
        SELECT n, name, name || chr(1)
        FROM unnest(words) WITH ORDINALITY w (word, n), undrift_names_near(word) name WHERE near
    ) span;
    IF among IS NULL THEN
        -- The longest word leads: it is likely to fit the fewest.
        SELECT n INTO lead FROM unnest(words) WITH ORDINALITY w (word, n) ORDER BY length(word) DESC, n LIMIT 1;
        RETURN QUERY
        SELECT DISTINCT p.last_name, p.first_name, p.child_id
        FROM unnest(words_of, lows, highs) s (word, low, high)
        JOIN children_namepart p ON p.authority_id = ANY (councils) AND p.part >= s.low AND p.part < s.high
        WHERE s.word = lead AND (p.whole OR NOT whole_only OR p.part LIKE '#%') AND p.child_id <> ALL (shut)
            AND NOT EXISTS (
                SELECT FROM generate_series(1, cardinality(words)) other WHERE other <> lead AND NOT EXISTS (
                    SELECT FROM unnest(words_of, lows, highs) t (word, low, high)
                    JOIN children_namepart q ON q.child_id = p.child_id AND q.part >= t.low AND q.part < t.high
                    WHERE t.word = other AND (q.whole OR NOT whole_only OR q.part LIKE '#%')));
    ELSE
        RETURN QUERY
        SELECT DISTINCT p.last_name, p.first_name, p.child_id FROM children_namepart p
        WHERE p.child_id = ANY (among) AND p.child_id <> ALL (shut) AND p.authority_id = ANY (councils)
            AND NOT EXISTS (
                SELECT FROM generate_series(1, cardinality(words)) other WHERE NOT EXISTS (
                    SELECT FROM unnest(words_of, lows, highs) t (word, low, high)
                    JOIN children_namepart q ON q.child_id = p.child_id AND q.part >= t.low AND q.part < t.high
                    WHERE t.word = other AND (q.whole OR NOT whole_only OR q.part LIKE '#%')));
    END IF;
END
$$;
REVOKE ALL ON FUNCTION undrift_named FROM PUBLIC;

-- Their numbers, in the order of their names; at most so many.
CREATE FUNCTION undrift_children_named(councils bigint[], words text[], near boolean, among bigint[], shut bigint[],
                                       whole_only boolean, most integer)
RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT child_id FROM undrift_named(councils, words, near, among, shut, whole_only)
                 ORDER BY last_name, first_name, child_id LIMIT most)
$$;

-- The child of one council with this number in the case system.
CREATE FUNCTION undrift_child_numbered(council bigint, number text)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT child_id FROM children_namepart WHERE authority_id = council AND part = '#' || lower(number)
    ORDER BY child_id LIMIT 1
$$;
