CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
--
CREATE TABLE brand (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    pack_id VARCHAR NOT NULL,
    CONSTRAINT pk_brand PRIMARY KEY (id)
)
--
CREATE TABLE counter (
    owner_id INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT pk_counter PRIMARY KEY (owner_id, tier)
)
--
CREATE TABLE crypto_key (
    kid VARCHAR NOT NULL,
    wrapped BLOB NOT NULL,
    state VARCHAR NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_crypto_key PRIMARY KEY (kid)
)
--
CREATE TABLE customer (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    phone VARCHAR NOT NULL,
    zone VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT pk_customer PRIMARY KEY (id)
)
--
CREATE INDEX ix_customer_email ON customer (email)
--
CREATE TABLE desk (
    id INTEGER NOT NULL,
    uid VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    zone VARCHAR NOT NULL,
    created_at BIGINT NOT NULL,
    hold_seconds INTEGER NOT NULL,
    late_first BOOLEAN NOT NULL, addresses_open_until BIGINT, anchors_to VARCHAR, anchors_at BIGINT,
    CONSTRAINT pk_desk PRIMARY KEY (id),
    CONSTRAINT ck_desk_one_desk CHECK (id = 1)
)
--
CREATE TABLE event (
    seq INTEGER NOT NULL,
    at BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    session VARCHAR NOT NULL,
    peer INTEGER,
    address VARCHAR NOT NULL,
    ticket INTEGER,
    subject VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    epoch VARCHAR NOT NULL,
    prev VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    mac VARCHAR NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (seq)
)
--
CREATE INDEX ix_event_ticket ON event (ticket, seq)
--
CREATE TABLE pack_version (
    pack_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    answers JSON NOT NULL,
    since BIGINT NOT NULL, author VARCHAR DEFAULT '' NOT NULL,
    CONSTRAINT pk_pack_version PRIMARY KEY (pack_id, version)
)
--
CREATE TABLE request (
    id VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    answer BLOB NOT NULL,
    CONSTRAINT pk_request PRIMARY KEY (id)
)
--
CREATE INDEX ix_request_at ON request (at)
--
CREATE TABLE user (
    id INTEGER NOT NULL,
    login VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR(24) NOT NULL,
    password_hash VARCHAR NOT NULL,
    must_change BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_sign_in BIGINT,
    taken INTEGER NOT NULL, unix_uid BIGINT, unix_any BOOLEAN DEFAULT 0 NOT NULL, asked_since BIGINT,
    CONSTRAINT pk_user PRIMARY KEY (id),
    CONSTRAINT uq_user_login UNIQUE (login),
    CONSTRAINT ck_user_role CHECK (role IN ('agent', 'supervisor', 'manager', 'admin'))
)
--
CREATE TABLE factor (
    user_id INTEGER NOT NULL,
    sealed_seed VARCHAR NOT NULL,
    enrolled_at BIGINT,
    last_step INTEGER,
    fails_consecutive INTEGER NOT NULL,
    fails_total INTEGER NOT NULL,
    last_attempt_at BIGINT,
    disabled_at BIGINT,
    CONSTRAINT pk_factor PRIMARY KEY (user_id),
    CONSTRAINT fk_factor_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE TABLE mailbox (
    brand_id VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    imap_host VARCHAR NOT NULL,
    imap_port INTEGER NOT NULL,
    imap_security VARCHAR NOT NULL,
    smtp_host VARCHAR NOT NULL,
    smtp_port INTEGER NOT NULL,
    smtp_security VARCHAR NOT NULL,
    user VARCHAR NOT NULL,
    sealed_password VARCHAR NOT NULL,
    folder VARCHAR NOT NULL,
    ca_file VARCHAR NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    read_at BIGINT,
    trouble VARCHAR NOT NULL,
    trouble_at BIGINT, sent_copy VARCHAR, authserv_ids VARCHAR,
    CONSTRAINT pk_mailbox PRIMARY KEY (brand_id),
    CONSTRAINT fk_mailbox_brand_id_brand FOREIGN KEY(brand_id) REFERENCES brand (id)
)
--
CREATE TABLE recovery_code (
    digest BLOB NOT NULL,
    user_id INTEGER NOT NULL,
    used_at BIGINT,
    CONSTRAINT pk_recovery_code PRIMARY KEY (digest),
    CONSTRAINT fk_recovery_code_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE INDEX ix_recovery_code_user_id ON recovery_code (user_id)
--
CREATE TABLE session (
    id VARCHAR NOT NULL,
    user_id INTEGER NOT NULL,
    began_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    code_at BIGINT NOT NULL,
    locked_at BIGINT,
    ended_at BIGINT,
    end_reason VARCHAR NOT NULL,
    peer INTEGER NOT NULL,
    address VARCHAR NOT NULL, server_id VARCHAR DEFAULT '' NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT fk_session_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE INDEX ix_session_user_id ON session (user_id)
--
CREATE TABLE ticket (
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    brand_id VARCHAR NOT NULL,
    queue VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    channel VARCHAR(24) NOT NULL,
    customer_id INTEGER NOT NULL,
    subject VARCHAR NOT NULL,
    status VARCHAR(24) NOT NULL,
    priority VARCHAR(24) NOT NULL,
    owner_id INTEGER,
    escalated_to INTEGER,
    link_to INTEGER,
    opened_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    tags JSON NOT NULL,
    live INTEGER NOT NULL,
    fresh BOOLEAN NOT NULL,
    tier INTEGER NOT NULL,
    sort_key INTEGER NOT NULL,
    until BIGINT,
    starving BOOLEAN NOT NULL,
    next_verb VARCHAR NOT NULL,
    clock BLOB NOT NULL,
    due_at BIGINT,
    waited_text VARCHAR NOT NULL,
    counted_owner INTEGER,
    counted_tier INTEGER,
    CONSTRAINT pk_ticket PRIMARY KEY (id),
    CONSTRAINT ck_ticket_subject_length CHECK (length(subject) <= 400),
    CONSTRAINT fk_ticket_brand_id_brand FOREIGN KEY(brand_id) REFERENCES brand (id),
    CONSTRAINT fk_ticket_customer_id_customer FOREIGN KEY(customer_id) REFERENCES customer (id),
    CONSTRAINT fk_ticket_escalated_to_user FOREIGN KEY(escalated_to) REFERENCES user (id),
    CONSTRAINT fk_ticket_owner_id_user FOREIGN KEY(owner_id) REFERENCES user (id),
    CONSTRAINT ck_ticket_channel CHECK (channel IN ('email', 'phone', 'voicemail', 'chat', 'social', 'walkin', 'meeting', 'web', 'api')),
    CONSTRAINT ck_ticket_status CHECK (status IN ('new', 'open', 'waiting', 'resolved', 'closed')),
    CONSTRAINT ck_ticket_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent'))
)
--
CREATE INDEX ix_ticket_customer_id ON ticket (customer_id)
--
CREATE INDEX ix_ticket_live_order ON ticket (tier, sort_key, id) WHERE live = 1
--
CREATE INDEX ix_ticket_owner_order ON ticket (owner_id, tier, sort_key, id) WHERE live = 1
--
CREATE INDEX ix_ticket_resolved ON ticket (updated_at) WHERE status = 'resolved'
--
CREATE INDEX ix_ticket_until ON ticket (until) WHERE live = 1 and until is not null
--
CREATE TABLE contact (
    id INTEGER NOT NULL,
    ticket_id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    kind VARCHAR(24) NOT NULL,
    author VARCHAR(24) NOT NULL,
    channel VARCHAR(24) NOT NULL,
    user_id INTEGER,
    name VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    quoted VARCHAR NOT NULL,
    auth VARCHAR NOT NULL,
    auto VARCHAR NOT NULL,
    message_id VARCHAR NOT NULL,
    raw VARCHAR NOT NULL,
    salt VARCHAR NOT NULL,
    taken_back BOOLEAN NOT NULL,
    CONSTRAINT pk_contact PRIMARY KEY (id),
    CONSTRAINT fk_contact_ticket_id_ticket FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_contact_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
    CONSTRAINT ck_contact_kind CHECK (kind IN ('message', 'note', 'automatic', 'bounce', 'call', 'visit')),
    CONSTRAINT ck_contact_author CHECK (author IN ('customer', 'agent', 'desk', 'bounce')),
    CONSTRAINT ck_contact_contact_channel CHECK (channel IN ('email', 'phone', 'voicemail', 'chat', 'social', 'walkin', 'meeting', 'web', 'api'))
)
--
CREATE INDEX ix_contact_message_id ON contact (message_id)
--
CREATE INDEX ix_contact_ticket_id ON contact (ticket_id)
--
CREATE TABLE draft (
    user_id INTEGER NOT NULL,
    ticket_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    "column" INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    saved_at BIGINT NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (user_id, ticket_id, kind),
    CONSTRAINT fk_draft_ticket_id_ticket FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_draft_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE TABLE undo (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    ticket_id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    verb VARCHAR NOT NULL,
    "before" JSON NOT NULL,
    outbox_id INTEGER,
    done BOOLEAN NOT NULL,
    CONSTRAINT pk_undo PRIMARY KEY (id),
    CONSTRAINT fk_undo_ticket_id_ticket FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_undo_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE INDEX ix_undo_user_id ON undo (user_id)
--
CREATE TABLE attachment (
    id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    content_type VARCHAR NOT NULL,
    size INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    CONSTRAINT pk_attachment PRIMARY KEY (id),
    CONSTRAINT fk_attachment_contact_id_contact FOREIGN KEY(contact_id) REFERENCES contact (id)
)
--
CREATE INDEX ix_attachment_contact_id ON attachment (contact_id)
--
CREATE TABLE outbox (
    id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    ticket_id INTEGER NOT NULL,
    brand_id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    automatic BOOLEAN NOT NULL,
    recipient VARCHAR NOT NULL,
    "then" VARCHAR NOT NULL,
    sent_event INTEGER,
    message_id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    in_reply_to VARCHAR NOT NULL,
    "references" VARCHAR NOT NULL,
    created_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    lease_by VARCHAR NOT NULL,
    lease_until BIGINT,
    attempts INTEGER NOT NULL,
    trouble VARCHAR NOT NULL,
    sent_at BIGINT, waits_since BIGINT, told_at BIGINT, look_at BIGINT, again_at BIGINT, lease_number INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT fk_outbox_brand_id_brand FOREIGN KEY(brand_id) REFERENCES brand (id),
    CONSTRAINT fk_outbox_contact_id_contact FOREIGN KEY(contact_id) REFERENCES contact (id),
    CONSTRAINT fk_outbox_ticket_id_ticket FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT uq_outbox_message_id UNIQUE (message_id)
)
--
CREATE INDEX ix_outbox_contact_id ON outbox (contact_id)
--
CREATE INDEX ix_outbox_recipient ON outbox (recipient)
--
CREATE INDEX ix_outbox_state ON outbox (state)
--
CREATE INDEX ix_outbox_ticket_id ON outbox (ticket_id)
--
CREATE TABLE raw_mail (
    source VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    brand_id VARCHAR NOT NULL,
    message_id VARCHAR NOT NULL,
    received_at BIGINT NOT NULL,
    state VARCHAR NOT NULL,
    contact_id INTEGER,
    note VARCHAR NOT NULL,
    CONSTRAINT pk_raw_mail PRIMARY KEY (source),
    CONSTRAINT fk_raw_mail_brand_id_brand FOREIGN KEY(brand_id) REFERENCES brand (id),
    CONSTRAINT fk_raw_mail_contact_id_contact FOREIGN KEY(contact_id) REFERENCES contact (id)
)
--
CREATE INDEX ix_raw_mail_message_id ON raw_mail (message_id)
--
CREATE INDEX ix_raw_mail_sha256 ON raw_mail (sha256)
--
CREATE INDEX ix_raw_mail_state ON raw_mail (state)
--
CREATE VIRTUAL TABLE search_doc USING fts5(ticket UNINDEXED, body, tokenize='unicode61 remove_diacritics 0')
--
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
--
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
--
CREATE TABLE spent_code (
    user_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    CONSTRAINT pk_spent_code PRIMARY KEY (user_id, step),
    CONSTRAINT fk_spent_code_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE TABLE password_guard (
    login VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    fails_consecutive INTEGER NOT NULL,
    fails_total INTEGER NOT NULL,
    last_attempt_at BIGINT,
    CONSTRAINT pk_password_guard PRIMARY KEY (login, source)
)
--
CREATE TABLE stand (
    user_id INTEGER NOT NULL,
    body VARCHAR NOT NULL,
    saved_at BIGINT NOT NULL,
    CONSTRAINT pk_stand PRIMARY KEY (user_id),
    CONSTRAINT fk_stand_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE TABLE address_rule (
    role VARCHAR(24) NOT NULL,
    range VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    added_at BIGINT NOT NULL,
    CONSTRAINT pk_address_rule PRIMARY KEY (role, range),
    CONSTRAINT ck_address_rule_role CHECK (role IN ('agent', 'supervisor', 'manager', 'admin'))
)
--
CREATE TABLE server (
    id VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    began_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    beats INTEGER NOT NULL,
    fed INTEGER NOT NULL,
    CONSTRAINT pk_server PRIMARY KEY (id)
)
--
CREATE TABLE feed (
    number INTEGER NOT NULL,
    server VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    body VARCHAR NOT NULL,
    CONSTRAINT pk_feed PRIMARY KEY (number)
)
--
CREATE TABLE content (
    sha256 VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT pk_content PRIMARY KEY (sha256)
)
--
CREATE INDEX ix_content_at ON content (at)
--
CREATE TABLE lease (
    name VARCHAR NOT NULL,
    holder VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    since BIGINT NOT NULL,
    CONSTRAINT pk_lease PRIMARY KEY (name)
)
--
CREATE TABLE acceptance (
    user_id INTEGER NOT NULL,
    pack_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    digest VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    CONSTRAINT pk_acceptance PRIMARY KEY (user_id, pack_id, version),
    CONSTRAINT fk_acceptance_user_id_user FOREIGN KEY(user_id) REFERENCES user (id)
)
--
CREATE TABLE suggestion (
    id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    pack_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    clause VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    salt VARCHAR NOT NULL,
    disposition VARCHAR(24) NOT NULL,
    reason VARCHAR NOT NULL,
    settled_by VARCHAR NOT NULL,
    settled_at BIGINT,
    CONSTRAINT pk_suggestion PRIMARY KEY (id),
    CONSTRAINT fk_suggestion_user_id_user FOREIGN KEY(user_id) REFERENCES user (id),
    CONSTRAINT ck_suggestion_disposition CHECK (disposition IN ('open', 'taken', 'declined'))
)
--
CREATE TABLE duty_round (
    pack_id VARCHAR NOT NULL,
    duty_id VARCHAR NOT NULL,
    begins BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    done_at BIGINT,
    login VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    rounds INTEGER NOT NULL,
    CONSTRAINT pk_duty_round PRIMARY KEY (pack_id, duty_id, begins)
)
--
CREATE TABLE pack_draft (
    pack_id VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    answers JSON NOT NULL,
    author VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT pk_pack_draft PRIMARY KEY (pack_id)
)
--
INSERT INTO alembic_version (version_num) VALUES ('0012')
