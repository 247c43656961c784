//! The command line: NAME TYPE CONFIG.toml, all positional.

use std::{env, path::PathBuf, process};

use thiserror::Error;

const USAGE: &str = "Usage: sim-connector <NAME> <TYPE> <CONFIG>";

const HELP: &str = "\
A connector for tests and demonstrations, on the wire of hftbacktest's connector

Usage: sim-connector <NAME> <TYPE> <CONFIG>

Arguments:
  <NAME>    Name of the connector, by which bots find it
  <TYPE>    binancefutures, binancespot or bybit
  <CONFIG>  Path of the configuration (TOML), see docs/sim-connector.md

Options:
  -h, --help     Print help
  -V, --version  Print version";

/// The exchanges whose names the real connector knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectorType {
    BinanceFutures,
    BinanceSpot,
    Bybit,
}

impl ConnectorType {
    /// Whether feeds of this exchange name their symbols in lower case.
    pub fn lower_case_symbols(self) -> bool {
        !matches!(self, Self::Bybit)
    }
}

/// The real connector's sentence, which a process that supervises it may look for.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("This connector doesn't exist. connector={0}")]
pub struct UnknownConnector(String);

/// Parsed arguments.
#[derive(Debug, PartialEq, Eq)]
pub struct Args {
    pub name: String,
    pub connector: String,
    pub config: PathBuf,
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Run(Args),
    Help,
    Version,
    Wrong(String),
}

impl Args {
    /// Reads the process's arguments. Prints and exits for help, version and wrong usage (code 2).
    pub fn from_command_line() -> Self {
        match parse(env::args().skip(1).collect()) {
            Command::Run(args) => args,
            Command::Help => {
                println!("{HELP}");
                process::exit(0);
            }
            Command::Version => {
                println!("sim-connector {}", env!("CARGO_PKG_VERSION"));
                process::exit(0);
            }
            Command::Wrong(reason) => {
                eprintln!("error: {reason}\n\n{USAGE}\n\nFor more information, try '--help'.");
                process::exit(2);
            }
        }
    }

    /// The exchange that TYPE names.
    pub fn connector_type(&self) -> Result<ConnectorType, UnknownConnector> {
        match self.connector.as_str() {
            "binancefutures" => Ok(ConnectorType::BinanceFutures),
            "binancespot" => Ok(ConnectorType::BinanceSpot),
            "bybit" => Ok(ConnectorType::Bybit),
            other => Err(UnknownConnector(other.to_owned())),
        }
    }
}

fn parse(args: Vec<String>) -> Command {
    for arg in &args {
        match arg.as_str() {
            "-h" | "--help" => return Command::Help,
            "-V" | "--version" => return Command::Version,
            option if option.starts_with('-') => {
                return Command::Wrong(format!("unexpected argument '{option}' found"));
            }
            _ => {}
        }
    }
    match <[String; 3]>::try_from(args) {
        Ok([name, connector, config]) => Command::Run(Args {
            name,
            connector,
            config: PathBuf::from(config),
        }),
        Err(args) => Command::Wrong(format!("expected 3 arguments, got {}", args.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Command {
        parse(line.split_whitespace().map(str::to_owned).collect())
    }

    fn type_of(connector: &str) -> Result<ConnectorType, UnknownConnector> {
        let Command::Run(args) = command(&format!("bf {connector} bf.toml")) else {
            panic!("not a run: {connector}");
        };
        args.connector_type()
    }

    #[test]
    fn three_positional_arguments_run() {
        let Command::Run(args) = command("bf bybit a/bf.toml") else {
            panic!("not a run");
        };
        assert_eq!(args.name, "bf");
        assert_eq!(args.config, PathBuf::from("a/bf.toml"));
    }

    #[test]
    fn every_type_of_the_real_connector_is_known() {
        assert_eq!(type_of("binancefutures"), Ok(ConnectorType::BinanceFutures));
        assert_eq!(type_of("binancespot"), Ok(ConnectorType::BinanceSpot));
        assert_eq!(type_of("bybit"), Ok(ConnectorType::Bybit));
    }

    #[test]
    fn a_symbol_in_the_place_of_the_type_is_refused() {
        let error = type_of("BTCUSDT").unwrap_err().to_string();
        assert!(error.contains("This connector doesn't exist."), "{error}");
        assert!(error.contains("BTCUSDT"), "{error}");
    }

    #[test]
    fn other_numbers_of_arguments_and_options_are_wrong_usage() {
        for line in ["", "bf bybit", "bf bybit a.toml b", "--verbose bf bybit a"] {
            assert!(matches!(command(line), Command::Wrong(_)), "{line:?}");
        }
        assert_eq!(command("--help"), Command::Help);
        assert_eq!(command("bf -V"), Command::Version);
    }
}
