CREATE TABLE app.file (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    storage_key TEXT NOT NULL,
    key_id UUID NOT NULL,
    name BYTEA,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    uploaded_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX file_object ON app.file (workspace_id, storage_key);
