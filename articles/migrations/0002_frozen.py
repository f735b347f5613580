"""What was published or saved stays as it was: the database refuses every other change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION articles_publication_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND (to_jsonb(NEW) - 'visible_from' - 'visible_until') = (to_jsonb(OLD) - 'visible_from' - 'visible_until') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'publication % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER publication_frozen BEFORE UPDATE OR DELETE ON articles_publication
  FOR EACH ROW EXECUTE FUNCTION articles_publication_frozen();

CREATE FUNCTION articles_row_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER revision_frozen BEFORE UPDATE OR DELETE ON articles_revision
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER withdrawal_frozen BEFORE UPDATE OR DELETE ON articles_withdrawal
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER address_frozen BEFORE UPDATE OR DELETE ON articles_address
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER publication_events_frozen BEFORE UPDATE OR DELETE ON articles_publication_events
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER publication_series_frozen BEFORE UPDATE OR DELETE ON articles_publication_series
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER publication_authors_frozen BEFORE UPDATE OR DELETE ON articles_publication_authors
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER publication_tags_frozen BEFORE UPDATE OR DELETE ON articles_publication_tags
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER publication_images_frozen BEFORE UPDATE OR DELETE ON articles_publication_images
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
"""

BACKWARD = """
DROP TRIGGER publication_frozen ON articles_publication;
DROP TRIGGER revision_frozen ON articles_revision;
DROP TRIGGER withdrawal_frozen ON articles_withdrawal;
DROP TRIGGER address_frozen ON articles_address;
DROP TRIGGER publication_events_frozen ON articles_publication_events;
DROP TRIGGER publication_series_frozen ON articles_publication_series;
DROP TRIGGER publication_authors_frozen ON articles_publication_authors;
DROP TRIGGER publication_tags_frozen ON articles_publication_tags;
DROP TRIGGER publication_images_frozen ON articles_publication_images;
DROP FUNCTION articles_publication_frozen();
DROP FUNCTION articles_row_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
