-- The pages of one patient out of a document that spoke of several are a document
-- of their own: store::PartOf says which of whose pages they are.
ALTER TABLE documents ADD COLUMN part_of TEXT;
-- The files of one upload are decided together.
CREATE INDEX documents_by_submission ON documents (submission, seq);
