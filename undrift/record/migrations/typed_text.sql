-- What somebody types is theirs alone: no post, no council and no act opens it to another person.
ALTER TABLE record_typedtext ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON record_typedtext USING ((SELECT undrift_is('reach', 'service')));
CREATE POLICY person_sees ON record_typedtext
    USING ((SELECT undrift_is('reach', 'person')) AND person_id = ANY ((SELECT undrift_numbers('my_number'))::bigint[]));

ALTER TABLE record_submission ENABLE ROW LEVEL SECURITY;
CREATE POLICY service ON record_submission USING ((SELECT undrift_is('reach', 'service')));
CREATE POLICY person_sees ON record_submission
    USING ((SELECT undrift_is('reach', 'person')) AND person_id = ANY ((SELECT undrift_numbers('my_number'))::bigint[]));
