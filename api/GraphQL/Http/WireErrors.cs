using GraphQL;
using GraphQL.Execution;
using GraphQL.Validation;
using Hrms.Api.Errors;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Http;

/// <summary>
/// What an error says to the caller: always a code; no suggestion of names the caller did not know; nothing of an exception that
/// the resolver did not mean for the caller. Used by the serializer for every error of every transport.
/// </summary>
internal sealed class WireErrors : IErrorInfoProvider
{
    /// <summary>Longest message: the library puts refused values into messages.</summary>
    private const int MessageLengthMax = 500;

    /// <summary>What a caller is told of a fault that passes by itself; null: it is another one, and masked.</summary>
    public static ExecutionError? OfPassing(Exception fault) =>
        fault is UnavailableException ? new ExecutionError(fault.Message) { Code = RefusalTable.Of(RefusalCode.Unavailable).GraphQl } : null;

    public ErrorInfo GetInfo(ExecutionError error)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = CodeOf(error) };
        foreach (var (key, value) in error.Extensions ?? [])
            extensions[key] = value;
        return new ErrorInfo { Message = MessageOf(error), Extensions = extensions };
    }

    private static string CodeOf(ExecutionError error) => error switch
    {
        UnhandledError => "INTERNAL_ERROR",
        SyntaxError => "SYNTAX_ERROR",
        InvalidVariableError => "BAD_VARIABLE",
        ValidationError => "VALIDATION_FAILED",
        RequestError { Code: null } => "BAD_REQUEST",
        _ => error.Code ?? "EXECUTION_ERROR",
    };

    private static string MessageOf(ExecutionError error)
    {
        var message = error.Message;
        if (error is ValidationError && message.IndexOf(" Did you mean ", StringComparison.Ordinal) is > 0 and var suggestion)
            message = message[..suggestion];
        return message.Length <= MessageLengthMax ? message : string.Concat(message.AsSpan(0, MessageLengthMax), "…");
    }
}
