//! Decisions about a mail.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::mail;
use crate::store::{Choice, DeliveryStatus};
use crate::web::Web;
use crate::web::fields::Posted;
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// How long a response waits for the mail server; sending continues after that.
const PATIENCE: Duration = Duration::from_secs(15);

/// A decision, as a button shows it.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Decision {
    id: &'static str,
    label: &'static str,
    #[serde(skip)]
    choice: Choice,
}

const RELEASE: Decision = Decision {
    id: "release",
    label: "Release",
    choice: Choice::Release,
};
const SEND_AGAIN: Decision = Decision {
    id: "send-again",
    label: "Send again",
    choice: Choice::SendAgain,
};
const ARRIVED: Decision = Decision {
    id: "arrived",
    label: "It arrived",
    choice: Choice::Arrived,
};
const CANCEL: Decision = Decision {
    id: "cancel",
    label: "Cancel",
    choice: Choice::Cancel,
};

/// The decisions possible for a mail.
pub(super) fn decisions(status: DeliveryStatus) -> Vec<Decision> {
    match status {
        DeliveryStatus::Held => vec![RELEASE, CANCEL],
        DeliveryStatus::Pending => vec![CANCEL],
        DeliveryStatus::Refused | DeliveryStatus::Expired => vec![SEND_AGAIN, CANCEL],
        DeliveryStatus::Unknown => vec![ARRIVED, SEND_AGAIN, CANCEL],
        DeliveryStatus::Sending
        | DeliveryStatus::Accepted
        | DeliveryStatus::Superseded
        | DeliveryStatus::Cancelled => Vec::new(),
    }
}

/// Carries out a decision, as `muster outbox` does; a mail to be sent is sent at once.
pub(in crate::web) async fn decide(
    State(web): State<Web>,
    visitor: Visitor,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let wanted = fields.said("choice");
    let mut all = [RELEASE, SEND_AGAIN, ARRIVED, CANCEL].into_iter();
    let decision = all.find(|decision| Some(decision.id) == wanted);
    let number = fields
        .said("mail")
        .filter(|mail| mail.parse::<i64>().is_ok());
    let (Some(decision), Some(number)) = (decision, number) else {
        return Err(Refusal::invalid(
            "the form names no mail, or nothing to do with it",
        ));
    };
    let config = web.files().await?.config.clone();
    if mail::decide(&config, decision.choice, number, web.now()).await? == 0 {
        let reason = match decision.choice {
            Choice::SendAgain => {
                "cannot be sent again: its text is no longer kept, a newer one went in its place, or somebody has decided"
            }
            _ => "is no longer as you saw it",
        };
        return Err(Refusal::conflict(format!(
            "mail {number} {reason}: look at Mail again"
        )));
    }
    let of = format!("mail {number}");
    web.audit_done(&visitor, decision.id, Some(&of)).await?;
    if matches!(decision.choice, Choice::Release | Choice::SendAgain) {
        let sending = tokio::spawn(async move {
            let now = || web.now();
            if let Err(error) = mail::deliver(&config, &now, &CancellationToken::new()).await {
                tracing::warn!(%error, "mail could not be delivered");
            }
        });
        let _ = tokio::time::timeout(PATIENCE, sending).await;
    }
    Ok(Redirect::to("/mail").into_response())
}
