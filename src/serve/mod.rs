//! The scheduler: claims due times, runs, mails, and answers for itself.
