//! Clients of DynamoDB, whose calls are metered.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextMut;
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::query::{QueryInput, QueryOutput};
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, Input, Output,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::SdkConfig;

use crate::metering::{Units, consumed};

/// A client with this configuration. No other one is made, so that no call goes unmetered.
pub(crate) fn dynamodb(config: &SdkConfig) -> Client {
    Client::from_conf(Builder::from(config).interceptor(MeterCalls).build())
}

/// Asks each call what it consumes, and adds that to the meter of the work that makes it. What fails answers no units.
#[derive(Debug)]
struct MeterCalls;

#[dyn_dispatch_hint]
impl Intercept for MeterCalls {
    fn name(&self) -> &'static str {
        "MeterCalls"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match ask(context.input_mut()) {
            true => Ok(()),
            false => Err("this operation of DynamoDB is not metered".into()),
        }
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Ok(output) = context.output_or_error() {
            consumed(answered(output));
        }
        Ok(())
    }
}

macro_rules! metered {
    ($($input:ident $output:ident $units:ident $tables:ident;)+) => {
        /// Whether it is an operation that is known here.
        fn ask(input: &mut Input) -> bool {
            $(if let Some(input) = input.downcast_mut::<$input>() {
                input.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
                return true;
            })+
            false
        }

        fn answered(output: &Output) -> Units {
            $(if let Some(output) = output.downcast_ref::<$output>() {
                return Units::$units($tables(&output.consumed_capacity));
            })+
            Units::default()
        }
    };
}

metered! {
    GetItemInput GetItemOutput reads one_table;
    BatchGetItemInput BatchGetItemOutput reads each_table;
    QueryInput QueryOutput reads one_table;
    UpdateItemInput UpdateItemOutput writes one_table;
    PutItemInput PutItemOutput writes one_table;
    // Its mere checks consume units of writes as well.
    TransactWriteItemsInput TransactWriteItemsOutput writes each_table;
}

fn one_table(capacity: &Option<ConsumedCapacity>) -> f64 {
    capacity.as_ref().and_then(ConsumedCapacity::capacity_units).unwrap_or_default()
}

fn each_table(capacity: &Option<Vec<ConsumedCapacity>>) -> f64 {
    capacity.iter().flatten().filter_map(ConsumedCapacity::capacity_units).sum()
}

#[cfg(test)]
mod tests;
