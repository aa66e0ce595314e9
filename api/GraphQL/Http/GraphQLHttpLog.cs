namespace Hrms.Api.GraphQL.Http;

/// <summary>Log lines of the GraphQL endpoint: ids, names of the schema and counts; never documents, variables or messages of exceptions.</summary>
internal static partial class GraphQLHttpLog
{
    [LoggerMessage(1, LogLevel.Error, "Trace {TraceId}: field {Field} failed with {Exception}")]
    public static partial void ResolverFailed(this ILogger log, string traceId, string field, string exception);

    [LoggerMessage(2, LogLevel.Error, "Trace {TraceId}: the result could not be written: {Exception}")]
    public static partial void ResultNotWritten(this ILogger log, string traceId, string exception);

    [LoggerMessage(3, LogLevel.Debug, "Connection {ConnectionId} closed with {CloseCode}, {Operations} operations were running")]
    public static partial void ConnectionClosed(this ILogger log, string connectionId, int closeCode, int operations);
}
