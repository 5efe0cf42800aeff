"""Names that are nearly the same meet in one row a name, and what is written together is cut up together.

A name stood in a row for each way of leaving letters out, some forty, each in two indexes: a file that brought fifty
thousand names wrote four million of them, and undoing it took them away one by one.
"""

from django.db import migrations

NAMES = """
DROP TABLE IF EXISTS children_nearname;

-- A name with one or two of its letters left out: two names that are nearly the same have one of these in common.
DROP FUNCTION IF EXISTS undrift_name_variants(text);
CREATE FUNCTION undrift_name_variants(name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE COST 1000 AS $$
DECLARE letters integer := length(name); without text; found text[] := ARRAY[name];
BEGIN
    FOR place IN 1 .. CASE WHEN letters > 2 THEN letters ELSE 0 END LOOP
        without := overlay(name PLACING '' FROM place FOR 1);
        found := found || without;
        FOR other IN 1 .. CASE WHEN letters > 5 THEN place - 1 ELSE 0 END LOOP
            found := found || overlay(without PLACING '' FROM other FOR 1);
        END LOOP;
    END LOOP;
    RETURN found;
END
$$;

CREATE TABLE children_nearname (name text COLLATE "C" PRIMARY KEY);
ALTER TABLE children_nearname ENABLE ROW LEVEL SECURITY;
INSERT INTO children_nearname (name)
SELECT DISTINCT part FROM children_namepart WHERE part NOT LIKE '#%' AND length(part) <= 24;
-- Without a list of what is yet to be put in, which every search would go through.
CREATE INDEX children_nearname_variants ON children_nearname USING gin (undrift_name_variants(name))
    WITH (fastupdate = off);

CREATE OR REPLACE FUNCTION undrift_names_of(numbers bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE gone text[];
BEGIN
    IF cardinality(numbers) = 0 THEN
        RETURN;
    END IF;
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
    DELETE FROM children_nearname n USING unnest(gone) AS g (name) WHERE n.name = g.name
        AND NOT EXISTS (SELECT FROM people_authority a JOIN children_namepart p ON p.authority_id = a.id AND p.part = n.name);
    INSERT INTO children_nearname (name)
    SELECT DISTINCT p.part FROM children_namepart p
    WHERE p.child_id = ANY (numbers) AND p.part NOT LIKE '#%' AND length(p.part) <= 24
    ON CONFLICT DO NOTHING;
END
$$;

CREATE OR REPLACE FUNCTION undrift_names_near(word text) RETURNS SETOF text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT n.name FROM children_nearname n
    WHERE undrift_name_variants(n.name) && undrift_name_variants(left(lower(word), 30))
        AND undrift_is_near(lower(word), n.name)
$$;
"""

# A file that tells the names of children on file already tells thousands, too.
TOGETHER = """
DROP TRIGGER IF EXISTS children_child_renamed ON children_child;
DROP TRIGGER IF EXISTS children_family_renamed ON children_family;
DROP FUNCTION IF EXISTS undrift_family_named;
CREATE OR REPLACE FUNCTION undrift_children_renamed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM undrift_names_of(ARRAY(
        SELECT n.id FROM before b JOIN after n ON n.id = b.id
        WHERE (b.authority_id, b.family_id, b.first_name, b.last_name, b.external_id)
            IS DISTINCT FROM (n.authority_id, n.family_id, n.first_name, n.last_name, n.external_id)));
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION undrift_families_renamed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM undrift_names_of(ARRAY(
        SELECT c.id FROM before b JOIN after n ON n.id = b.id JOIN children_child c ON c.family_id = n.id
        WHERE b.name IS DISTINCT FROM n.name));
    RETURN NULL;
END
$$;
CREATE TRIGGER children_child_renamed AFTER UPDATE ON children_child
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION undrift_children_renamed();
CREATE TRIGGER children_family_renamed AFTER UPDATE ON children_family
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION undrift_families_renamed();
"""


class Migration(migrations.Migration):
    dependencies = [("children", "0011_what_is_told_of_children")]

    operations = [migrations.RunSQL(NAMES, migrations.RunSQL.noop), migrations.RunSQL(TOGETHER, migrations.RunSQL.noop)]
