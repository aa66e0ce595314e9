using GraphQL;
using Hrms.Api.Auth;
using Hrms.Api.Errors;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>
/// Whether the token that came with an HTTP request is no good, as <see cref="Http.GraphQLHttpOptions.IsTokenRefused"/> asks: by what it says itself, before anything is done, and by what the answer says,
/// since only grains know of a token that was ended.
/// </summary>
internal sealed class RefusedToken
{
    private static readonly RefusedToken Noted = new();
    private static readonly string Code = RefusalTable.Of(RefusalCode.TokenEnded).GraphQl;

    public static bool Is(HttpContext http, ExecutionResult? result) => BearerToken.IsBrought(http.Request)
        && (CurrentAsker.ActorOf(http.User) is null || http.Features.Get<RefusedToken>() is not null || result?.Errors?.Any(error => error.Code == Code) == true);

    /// <summary>A command that was refused says so in its payload.</summary>
    public static async ValueTask<object?> NoteAsync(ValueTask<object?> payload, IResolveFieldContext context)
    {
        var answered = await payload;
        if (answered is IPayload { Errors: { Count: > 0 } refused } && refused.Any(error => error.Code == Code) && context.RequestServices?.GetService<IHttpContextAccessor>()?.HttpContext is { } http)
            http.Features.Set(Noted);
        return answered;
    }
}
