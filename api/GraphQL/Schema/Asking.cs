using GraphQL;
using Hrms.Api.Auth;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Api.Operations;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>What every resolver needs: who asks, and the grain to ask.</summary>
internal static class Asking
{
    /// <exception cref="ExecutionError">UNAUTHENTICATED: no token came, or one that names no party.</exception>
    public static Asker Asker(this IResolveFieldContext context, PurposeOfUse? purpose = null) =>
        CurrentAsker.ActorOf(context.User) is null
            ? throw new ExecutionError("Send a bearer token that names who asks.") { Code = "UNAUTHENTICATED" }
            : CurrentAsker.Of(context.User, purpose, context.RequestServices?.GetService<IHttpContextAccessor>()?.HttpContext is { } http ? RequestIdHeader.Of(http) : null);

    /// <exception cref="ExecutionError">UNAUTHENTICATED, as <see cref="Asker"/>; INSUFFICIENT_SCOPE (RFC 6750, 3.1): the app was allowed less.</exception>
    public static void Admit(this IResolveFieldContext context, bool isForApps)
    {
        if (context.Asker().Scope is not null && !isForApps)
            throw new ExecutionError($"This needs a token with the scope \"{TokenScope.Account}\".") { Code = "INSUFFICIENT_SCOPE" };
    }

    /// <summary>Whether who listens could still come with what they brought, for as long as the stream runs.</summary>
    public static Func<ValueTask<bool>> IsStillGood(this IResolveFieldContext context)
    {
        var (standing, user) = (context.RequestServices!.GetRequiredService<ITokenStanding>(), context.User!);
        return () => standing.IsGoodAsync(user, CancellationToken.None);
    }

    public static IPatientGrain Patient(this IResolveFieldContext context, Guid id) =>
        context.RequestServices!.GetRequiredService<IGrainFactory>().Grain<IPatientGrain>(id);

    public static IProviderGrain Provider(this IResolveFieldContext context, Guid id) =>
        context.RequestServices!.GetRequiredService<IGrainFactory>().Grain<IProviderGrain>(id);

    /// <summary>The grain of the practitioner or organisation that asks, for what is its own.</summary>
    /// <exception cref="ExecutionError">UNAUTHENTICATED: its tokens of before were ended, this one with them.</exception>
    public static async Task<IProviderGrain> OwnProviderAsync(this IResolveFieldContext context)
    {
        var asker = context.Asker();
        var provider = context.Provider(asker.Actor.Id);
        return !(await provider.StandingAsync()).Tokens.Ended(asker.Token) ? provider
            : throw Answers.Error(new Refusal(RefusalCode.TokenEnded, "This token was ended. Sign in again."));
    }

    /// <summary>When an auditor or operator asks: what for is a line of the installation's stream before the answer.</summary>
    public static Task NoteLookAsync(this IResolveFieldContext context, string what) =>
        context.RequestServices!.GetService<LooksOfStaff>()?.NoteAsync(context.Asker(), what) ?? Task.CompletedTask;

    /// <summary>For whom authenticators sign on our pages; null where this server was not told.</summary>
    public static RelyingParty? RelyingParty(this IResolveFieldContext context) => context.RequestServices!.GetService<PatientKeyPages>()?.RelyingParty;

    /// <summary>Whether the query selects a field below this one, at any depth by name: content is opened only when it is wanted.</summary>
    public static bool Wants(this IResolveFieldContext context, string field) =>
        context.SubFields?.Values.Any(selected => Mentions(selected.Field, field, context, 0)) == true;

    private static bool Mentions(GraphQLParser.AST.GraphQLField selected, string field, IResolveFieldContext context, int depth) =>
        selected.Name.Value == field || (depth < 8 && selected.SelectionSet is { } below && Mentions(below, field, context, depth + 1));

    private static bool Mentions(GraphQLParser.AST.GraphQLSelectionSet set, string field, IResolveFieldContext context, int depth) =>
        set.Selections.Any(selection => selection switch
        {
            GraphQLParser.AST.GraphQLField below => Mentions(below, field, context, depth),
            GraphQLParser.AST.GraphQLInlineFragment inline => Mentions(inline.SelectionSet, field, context, depth + 1),
            GraphQLParser.AST.GraphQLFragmentSpread spread =>
                depth < 8 && context.Document.Definitions.OfType<GraphQLParser.AST.GraphQLFragmentDefinition>()
                    .FirstOrDefault(known => known.FragmentName.Name == spread.FragmentName.Name) is { } fragment
                && Mentions(fragment.SelectionSet, field, context, depth + 1),
            _ => false,
        });
}
