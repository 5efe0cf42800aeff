"""What a person reaches is gathered by the owner's function: by index alone, without asking the policies of each row.

Only numbers are gathered, and whatever is then read by them is asked of the policies as ever.
"""

from django.db import migrations

GATHERED = """
CREATE FUNCTION undrift_gathered(chaired bigint[], worked bigint[], owed bigint[], told bigint[], managed bigint[],
                                 most integer)
RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(*) <= most THEN coalesce(array_agg(DISTINCT id), '{}') END FROM (
        SELECT id FROM resolutions_resolution WHERE chair_id = ANY (chaired)
        UNION ALL SELECT id FROM resolutions_resolution WHERE social_worker_id = ANY (worked)
        UNION ALL SELECT id FROM resolutions_resolution WHERE team_id = ANY (managed)
        UNION ALL SELECT id FROM resolutions_resolution WHERE next_person_id = ANY (owed) AND ended_at IS NULL
        UNION ALL SELECT id FROM resolutions_resolution WHERE then_person_id = ANY (owed) AND ended_at IS NULL
        UNION ALL SELECT resolution_id FROM resolutions_duty WHERE person_id = ANY (owed)
        UNION ALL SELECT resolution_id FROM resolutions_notice WHERE to_person_id = ANY (told)
        LIMIT most + 1
    ) reached
$$
"""

# Whether a team or an agency has anything open: what a list can be narrowed to. By index, even where there is nothing:
# a plan made for any team expects to meet a row soon, and would look through them all for one that has none.
HAS_OPEN = """
CREATE FUNCTION undrift_team_has_open(team bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM resolutions_resolution WHERE team_id = team AND ended_at IS NULL)
$$;
CREATE FUNCTION undrift_agency_has_open(agency bigint, council bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM (SELECT authority_id FROM resolutions_resolution
        WHERE responsible_agency_id = agency AND ended_at IS NULL OFFSET 0) open WHERE open.authority_id = council)
$$
"""
NO_LONGER = """
DROP FUNCTION undrift_team_has_open(bigint);
DROP FUNCTION undrift_agency_has_open(bigint, bigint)
"""


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0006_alert")]

    operations = [
        migrations.RunSQL(
            GATHERED, "DROP FUNCTION undrift_gathered(bigint[], bigint[], bigint[], bigint[], bigint[], integer)"
        ),
        migrations.RunSQL(HAS_OPEN, NO_LONGER),
    ]
