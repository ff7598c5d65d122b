CREATE TABLE ingest.envelope (
    id UUID NOT NULL,
    source TEXT NOT NULL,
    fault TEXT NOT NULL,
    payload BYTEA NOT NULL,
    key_id UUID NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE ingest.item (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    inbox_id UUID NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    shard SMALLINT NOT NULL,
    payload BYTEA NOT NULL,
    key_id UUID NOT NULL,
    is_day_sealed BOOLEAN DEFAULT 'true' NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    starts INTEGER DEFAULT '0' NOT NULL,
    parked_on TEXT,
    error_code TEXT,
    error_message TEXT,
    contact_id UUID,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX item_parked ON ingest.item (workspace_id, inbox_id, parked_on) WHERE state = 'parked';
CREATE INDEX item_quarantined ON ingest.item (workspace_id, id DESC) WHERE state = 'quarantined';
CREATE INDEX item_waiting ON ingest.item (workspace_id, shard, id) WHERE state = 'waiting';
