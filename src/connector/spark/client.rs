//! The Spark Connect calls that Muster makes, within one session of the server.

use std::cell::RefCell;
use std::fs;
use std::time::Duration;

use spark_connect_proto::command::CommandType;
use spark_connect_proto::config_request::operation::OpType;
use spark_connect_proto::config_request::{Get, Operation, Set};
use spark_connect_proto::execute_plan_request::RequestOption;
use spark_connect_proto::execute_plan_request::request_option::RequestOption as AnyOption;
use spark_connect_proto::interrupt_request::{Interrupt, InterruptType};
use spark_connect_proto::plan::OpType as PlanType;
use spark_connect_proto::relation::RelType;
use spark_connect_proto::spark_connect_service_client::SparkConnectServiceClient;
use spark_connect_proto::{
    Command, ConfigRequest, CreateDataFrameViewCommand, ExecutePlanRequest, ExecutePlanResponse,
    InterruptRequest, KeyValue, LocalRelation, Plan, ReattachExecuteRequest, ReattachOptions,
    Relation, ReleaseSessionRequest, Sql, SqlCommand, UserContext,
};
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Request, Streaming};

use super::failure::Failure;
use crate::config::SparkServer;
use crate::disk::line;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the server may be silent before it is sent a keep-alive, and how long it may take to answer that.
const SILENCE: Duration = Duration::from_secs(20);
/// The largest message accepted, in bytes; servers send batches of about four million.
const MESSAGE: usize = 128 * 1024 * 1024;
/// The tag of every query.
const TAG: &str = "muster";
/// The user name sent to the server; it has no effect.
const WHO: &str = "muster";

type Result<T> = std::result::Result<T, Failure>;

/// A request to the server.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// A query, for its rows.
    Rows(String),
    /// A statement that changes the session.
    Statement(String),
    /// A view of the session: its name, and its rows as a stream of Arrow.
    View(String, Vec<u8>),
}

/// A connection and the session that it is in.
pub(super) struct Client {
    stub: SparkConnectServiceClient<Channel>,
    session: String,
    token: Option<AsciiMetadataValue>,
    /// The server's id for the session, from its first answer on. A session with another id would lack all settings.
    known_as: RefCell<Option<String>>,
}

/// The answers to a query so far.
pub(super) struct Answers {
    stream: Streaming<ExecutePlanResponse>,
    operation: String,
    last: Option<String>,
}

impl Client {
    /// Connects, and begins a session.
    pub(super) async fn open(server: &SparkServer) -> Result<Self> {
        let scheme = match server.is_encrypted() {
            true => "https",
            false => "http",
        };
        let lost = |error: tonic::transport::Error| Failure::of_transport(&error);
        let endpoint = Endpoint::from_shared(format!("{scheme}://{}", server.authority()));
        let mut endpoint = endpoint
            .map_err(lost)?
            .connect_timeout(CONNECT)
            .http2_keep_alive_interval(SILENCE)
            .keep_alive_timeout(SILENCE)
            .keep_alive_while_idle(true);
        if server.is_encrypted() {
            endpoint = endpoint.tls_config(tls(server)?).map_err(lost)?;
        }
        let channel = endpoint.connect().await.map_err(lost)?;
        let stub = SparkConnectServiceClient::new(channel)
            .max_decoding_message_size(MESSAGE)
            .max_encoding_message_size(MESSAGE);
        Ok(Self {
            stub,
            session: unique()?,
            token: token(server)?,
            known_as: RefCell::default(),
        })
    }

    /// Changes settings of the session.
    pub(super) async fn set(&self, settings: &[(&str, &str)]) -> Result<()> {
        let pairs = settings.iter().map(|(key, value)| KeyValue {
            key: (*key).to_owned(),
            value: Some((*value).to_owned()),
        });
        let set = Set {
            pairs: pairs.collect(),
            silent: None,
        };
        let request = ConfigRequest {
            session_id: self.session.clone(),
            user_context: who(),
            operation: Some(Operation {
                op_type: Some(OpType::Set(set)),
            }),
            ..ConfigRequest::default()
        };
        let answer = self.stub.clone().config(self.request(request)).await?;
        self.recognize(&answer.into_inner().server_side_session_id)
    }

    /// Whether settings of the session still have these values. A restarted server may know the session by the same
    /// name, but has lost everything that was set up in it.
    pub(super) async fn has(&self, settings: &[(&str, &str)]) -> Result<bool> {
        let keys = settings.iter().map(|(key, _)| (*key).to_owned());
        let request = ConfigRequest {
            session_id: self.session.clone(),
            user_context: who(),
            operation: Some(Operation {
                op_type: Some(OpType::Get(Get {
                    keys: keys.collect(),
                })),
            }),
            ..ConfigRequest::default()
        };
        let answer = self.stub.clone().config(self.request(request)).await?;
        let has = |(key, value): &(&str, &str)| {
            let pairs = &answer.get_ref().pairs;
            let pair = pairs.iter().find(|pair| pair.key == *key);
            pair.and_then(|pair| pair.value.as_deref()) == Some(value)
        };
        Ok(settings.iter().all(has))
    }

    /// Begins a query or a statement.
    pub(super) async fn execute(&self, asked: &Asked) -> Result<Answers> {
        let operation = unique()?;
        let reattach = AnyOption::ReattachOptions(ReattachOptions { reattachable: true });
        let request = ExecutePlanRequest {
            session_id: self.session.clone(),
            client_observed_server_side_session_id: self.known_as.borrow().clone(),
            user_context: who(),
            operation_id: Some(operation.clone()),
            plan: Some(plan(asked)),
            client_type: Some(WHO.to_owned()),
            // Only reattachable executions say when they are complete.
            request_options: vec![RequestOption {
                request_option: Some(reattach),
            }],
            tags: vec![TAG.to_owned()],
        };
        let mut stub = self.stub.clone();
        let stream = stub.execute_plan(self.request(request)).await?;
        Ok(Answers {
            stream: stream.into_inner(),
            operation,
            last: None,
        })
    }

    /// The next answer; none where the stream has ended.
    pub(super) async fn next(&self, answers: &mut Answers) -> Result<Option<ExecutePlanResponse>> {
        let Some(answer) = answers.stream.message().await? else {
            return Ok(None);
        };
        self.recognize(&answer.server_side_session_id)?;
        if !answer.response_id.is_empty() {
            answers.last = Some(answer.response_id.clone());
        }
        Ok(Some(answer))
    }

    /// Resumes after the last answer, where a stream has ended before its query.
    pub(super) async fn reattach(&self, answers: &mut Answers) -> Result<()> {
        let request = ReattachExecuteRequest {
            session_id: self.session.clone(),
            client_observed_server_side_session_id: self.known_as.borrow().clone(),
            user_context: who(),
            operation_id: answers.operation.clone(),
            last_response_id: answers.last.clone(),
            ..ReattachExecuteRequest::default()
        };
        let mut stub = self.stub.clone();
        let stream = stub.reattach_execute(self.request(request)).await?;
        answers.stream = stream.into_inner();
        Ok(())
    }

    /// Interrupts the running query of the session.
    pub(super) async fn interrupt(&self) -> Result<()> {
        let request = InterruptRequest {
            session_id: self.session.clone(),
            user_context: who(),
            interrupt_type: InterruptType::Tag.into(),
            interrupt: Some(Interrupt::OperationTag(TAG.to_owned())),
            ..InterruptRequest::default()
        };
        self.stub.clone().interrupt(self.request(request)).await?;
        Ok(())
    }

    /// Ends the session.
    pub(super) async fn release(&self) -> Result<()> {
        let request = ReleaseSessionRequest {
            session_id: self.session.clone(),
            user_context: who(),
            ..ReleaseSessionRequest::default()
        };
        let request = self.request(request);
        self.stub.clone().release_session(request).await?;
        Ok(())
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(token) = &self.token {
            let of = request.metadata_mut();
            of.insert("authorization", token.clone());
        }
        request
    }

    /// Refuses an answer from a session other than the one that was set up.
    fn recognize(&self, session: &str) -> Result<()> {
        let mut known = self.known_as.borrow_mut();
        match known.as_deref() {
            Some(known) if known != session => {
                Err(Failure::Lost("the server has been started anew".to_owned()))
            }
            Some(_) => Ok(()),
            None => {
                *known = Some(session.to_owned()).filter(|session| !session.is_empty());
                Ok(())
            }
        }
    }
}

fn plan(asked: &Asked) -> Plan {
    let sql = |query: &String| Relation {
        common: None,
        rel_type: Some(RelType::Sql(Sql {
            query: query.clone(),
            ..Sql::default()
        })),
    };
    let plan = match asked {
        Asked::Rows(query) => PlanType::Root(sql(query)),
        Asked::Statement(query) => {
            let command = SqlCommand {
                input: Some(sql(query)),
                ..SqlCommand::default()
            };
            PlanType::Command(Command {
                command_type: Some(CommandType::SqlCommand(command)),
            })
        }
        Asked::View(name, rows) => {
            let rows = LocalRelation {
                data: Some(rows.clone().into()),
                schema: None,
            };
            let command = CreateDataFrameViewCommand {
                input: Some(Relation {
                    common: None,
                    rel_type: Some(RelType::LocalRelation(rows)),
                }),
                name: name.clone(),
                is_global: false,
                replace: true,
            };
            PlanType::Command(Command {
                command_type: Some(CommandType::CreateDataframeView(command)),
            })
        }
    };
    Plan {
        op_type: Some(plan),
    }
}

fn who() -> Option<UserContext> {
    Some(UserContext {
        user_id: WHO.to_owned(),
        user_name: WHO.to_owned(),
        ..UserContext::default()
    })
}

fn tls(server: &SparkServer) -> Result<ClientTlsConfig> {
    let config = ClientTlsConfig::new().domain_name(&server.host);
    let Some(file) = &server.ca_file else {
        return Ok(config.with_native_roots());
    };
    let pem =
        fs::read(file).map_err(|error| Failure::unreadable("ca_file", file, &error.to_string()))?;
    Ok(config.ca_certificate(Certificate::from_pem(pem)))
}

fn token(server: &SparkServer) -> Result<Option<AsciiMetadataValue>> {
    let Some(file) = &server.token_file else {
        return Ok(None);
    };
    let unreadable = |why: &str| Failure::unreadable("token_file", file, why);
    let token = line(file).map_err(|why| unreadable(&why.to_string()))?;
    let token = format!("Bearer {}", token.trim());
    let mut value: AsciiMetadataValue = token
        .parse()
        .map_err(|_| unreadable("contains characters that no token can contain"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// A random UUID, the form in which sessions and operations are named.
fn unique() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::Lost(format!("the system provides no random numbers: {error}"))
    })?;
    let number = u128::from_be_bytes(bytes);
    // Version 4, variant 1.
    let number = number & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    Ok(parts.join("-"))
}
