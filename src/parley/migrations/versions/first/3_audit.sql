CREATE TABLE app.audit_entry (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    actor_type TEXT NOT NULL,
    actor_id UUID,
    verb TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id UUID,
    data JSONB DEFAULT '{}' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_entry_newest ON app.audit_entry (workspace_id, at);

CREATE TABLE audit.installation_entry (
    id UUID NOT NULL,
    verb TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);
