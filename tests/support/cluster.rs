//! A schema of a real Spark, which `tests/spark/cluster.sh` starts; PySail is none.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use muster::config::SparkServer;
use muster::connector::Stop;
use muster::connector::spark::Writing;

use super::publishing::Publishing;
use super::skipping::skipped;

/// A schema of its own; it is gone with this.
pub struct Cluster {
    pub url: String,
    pub schema: String,
    reader: Reading,
}

/// A session that reads it.
pub struct Reading {
    schema: String,
    session: Writing,
}

impl Reading {
    /// What a query finds: rows on lines, their cells divided by `|`. `SCHEMA` before a point stands for the schema.
    pub fn sql(&self, sql: &str) -> String {
        let rows = self.session.rows(spelled(sql, &self.schema));
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        lines(&rows.expect("there are such tables"))
    }
}

impl Cluster {
    /// No tables yet; none, visibly, where no Spark was started.
    pub fn open() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let address = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/spark-cluster/address");
        let Ok(url) = std::fs::read_to_string(address) else {
            assert!(
                std::env::var_os("MUSTER_NEEDS_SPARK_CLUSTER").is_none(),
                "no Spark was started: `sh tests/spark/cluster.sh start local` does"
            );
            skipped("no real Spark was started; `sh tests/spark/cluster.sh start local` does");
            return None;
        };
        let url = url.trim().to_owned();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test_{}_{number}", std::process::id());
        let reader = Reading {
            schema: schema.clone(),
            session: Writing::begin(&server(&url), &Stop::default()).unwrap(),
        };
        Some(Self {
            url,
            schema,
            reader,
        })
    }

    /// A session of somebody else who reads the same schema.
    pub fn reading(&self) -> Reading {
        Reading {
            schema: self.schema.clone(),
            session: Writing::begin(&server(&self.url), &Stop::default()).unwrap(),
        }
    }

    /// What a query finds for somebody who has read before.
    pub fn sql(&self, sql: &str) -> String {
        self.reader.sql(sql)
    }

    /// The same by somebody who has never read before.
    pub fn sql_anew(&self, sql: &str) -> String {
        self.reading().sql(sql)
    }
}

impl Publishing for Cluster {
    fn publish(&self) -> String {
        format!("{{ to: \"{}\", schema: {} }}", self.url, self.schema)
    }

    fn table(&self, name: &str) -> String {
        format!("{}.{name}", self.schema)
    }

    fn stamp(&self, column: &str) -> String {
        format!("date_format({column}, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")")
    }

    fn ask(&self, sql: &str) -> String {
        self.sql(sql)
    }

    fn execute(&self, statement: &str) {
        let statement = spelled(statement, &self.schema);
        self.reader.session.execute(statement).unwrap();
    }

    fn reader(&self) -> Box<dyn Fn(&str) -> String + Send + '_> {
        let reader = self.reading();
        Box::new(move |sql| reader.sql(sql))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.schema);
        self.reader.session.execute(drop).ok();
    }
}

fn spelled(sql: &str, schema: &str) -> String {
    sql.replace("SCHEMA.", &format!("{schema}."))
}

fn lines(rows: &[Vec<Option<String>>]) -> String {
    let line = |row: &Vec<Option<String>>| {
        let cells = row.iter().map(|cell| cell.clone().unwrap_or_default());
        cells.collect::<Vec<_>>().join("|")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn server(url: &str) -> SparkServer {
    let (host, port) = url.strip_prefix("sc://").unwrap().split_once(':').unwrap();
    SparkServer {
        host: host.to_owned(),
        port: port.parse().unwrap(),
        token_file: None,
        tls: None,
        ca_file: None,
        schema: None,
        tables: Default::default(),
    }
}
