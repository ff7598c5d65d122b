CREATE TABLE app.contact (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT,
    name_source TEXT,
    locale TEXT,
    created_source TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    first_wrote_at TIMESTAMP WITH TIME ZONE,
    first_wrote_inbox_id UUID,
    first_wrote_channel TEXT,
    first_wrote_basis TEXT,
    restricted_at TIMESTAMP WITH TIME ZONE,
    erased_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contact_newest ON app.contact (workspace_id, created_at, id);

CREATE TABLE app.contact_identity (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_id UUID NOT NULL,
    namespace TEXT NOT NULL,
    external_id TEXT NOT NULL,
    username TEXT,
    is_verified BOOLEAN DEFAULT 'false' NOT NULL,
    source TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY(workspace_id, contact_id) REFERENCES app.contact (workspace_id, id) ON DELETE CASCADE,
    UNIQUE (workspace_id, namespace, external_id)
);
CREATE INDEX contact_identity_contact ON app.contact_identity (workspace_id, contact_id);
