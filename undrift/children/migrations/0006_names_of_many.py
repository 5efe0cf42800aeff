"""The names of children who come in together are cut up together: an import brings thousands."""

from django.db import migrations

TOGETHER = """
DROP TRIGGER children_child_named ON children_child;
CREATE FUNCTION undrift_children_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM undrift_names_of(ARRAY(SELECT id FROM touched));
    RETURN NULL;
END
$$;
CREATE TRIGGER children_child_named AFTER INSERT ON children_child
REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION undrift_children_named();
CREATE TRIGGER children_child_gone AFTER DELETE ON children_child
REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION undrift_children_named();
"""

ONE_BY_ONE = """
DROP TRIGGER children_child_named ON children_child;
DROP TRIGGER children_child_gone ON children_child;
DROP FUNCTION undrift_children_named;
CREATE TRIGGER children_child_named AFTER INSERT OR DELETE ON children_child
FOR EACH ROW EXECUTE FUNCTION undrift_child_named();
"""


class Migration(migrations.Migration):
    dependencies = [("children", "0005_what_a_file_told")]

    operations = [migrations.RunSQL(TOGETHER, ONE_BY_ONE)]
