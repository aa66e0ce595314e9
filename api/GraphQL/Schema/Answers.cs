using GraphQL;
using Hrms.Api.Errors;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>From a grain's outcome to GraphQL: absent is null; any other refusal of a question is an error that names its place.</summary>
public static class Answers
{
    public static async Task<TOut?> OrNull<TIn, TOut>(this Task<Outcome<TIn>> asked, Func<TIn, TOut> map) where TOut : class
    {
        var outcome = await asked;
        if (outcome.Succeeded)
            return map(outcome.Value);
        return outcome.Refusal.Code == RefusalCode.NotFound ? null : throw Error(outcome.Refusal);
    }

    /// <summary>For questions whose answer is never absent.</summary>
    public static async Task<TOut> OrError<TIn, TOut>(this Task<Outcome<TIn>> asked, Func<TIn, TOut> map)
    {
        var outcome = await asked;
        return outcome.Succeeded ? map(outcome.Value) : throw Error(outcome.Refusal);
    }

    public static ExecutionError Error(Refusal refusal) => new(refusal.Message)
    {
        Code = RefusalTable.Of(refusal.Code).GraphQl,
        Extensions = MoreOf(refusal),
    };

    private static Dictionary<string, object?>? MoreOf(Refusal refusal)
    {
        Dictionary<string, object?> more = [];
        if (refusal.Place is { } place)
            more.Add("place", place);
        if (RefusalTable.MaxAge(refusal.Code) is { } seconds)
            more.Add("maxAge", seconds);
        return more.Count == 0 ? null : more;
    }
}

/// <summary>What a mutation answers with; when it was refused, only why.</summary>
internal interface IPayload
{
    IReadOnlyList<UserError> Errors { get; }
}

/// <summary>Why a mutation was refused: for a program (<see cref="Code"/>), for a person (<see cref="Message"/>), and where in the input.</summary>
[Name("UserError")]
public sealed record UserError(
    string Code, string Message, string? Place,
    [property: Description("With INSUFFICIENT_USER_AUTHENTICATION: the max_age, in seconds, with which to send the person to sign in again (RFC 9470).")] int? MaxAge = null)
{
    internal static UserError Of(Refusal refusal) => new(RefusalTable.Of(refusal.Code).GraphQl, refusal.Message, refusal.Place, RefusalTable.MaxAge(refusal.Code));

    internal static IReadOnlyList<UserError> Of<T>(Outcome<T> outcome) => outcome.Succeeded ? [] : [Of(outcome.Refusal)];
}
