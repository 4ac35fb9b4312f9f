-- How a page was read (reader::Pool::way), so that the same bytes need not be
-- read the same way twice. Not known of pages that were read before this.
ALTER TABLE pages ADD COLUMN way TEXT;
CREATE INDEX documents_by_bytes ON documents (sha256);
