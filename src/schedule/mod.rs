//! When: cron texts, zones and due times. Pure: never what, never I/O; the instant is a parameter.
