using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Tokens;

public sealed class TokenMutations
{
    [Description(
        "The patient signs out everywhere: every token that was issued until now, this one included, is refused from when this answers, also in streams that run, and whoever issued it. "
        + "Sign in again to go on.")]
    public static async Task<SignOutEverywherePayload> SignOutEverywhere(SignOutEverywhereInput input, IResolveFieldContext context)
    {
        var outcome = await context.Patient(input.Patient).EndTokensAsync(new EndTokens(new CommandId(input.CommandId), context.Asker()));
        return new SignOutEverywherePayload(outcome.Value?.RaisedAt, UserError.Of(outcome));
    }
}

public sealed record SignOutEverywhereInput([property: Id] Guid CommandId, [property: Id] Guid Patient);

/// <param name="EndedAt">Tokens issued until then are ended.</param>
public sealed record SignOutEverywherePayload(DateTimeOffset? EndedAt, IReadOnlyList<UserError> Errors) : IPayload;
