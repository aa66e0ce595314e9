using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Schema;

/// <summary>
/// Who may ask the running endpoint for its schema. No secret is kept by it: the schema is a public file (<c>api/schema.graphql</c>). While developing everybody may, since GraphiQL does so before anybody has a
/// token. In production (<c>serve</c>) operators alone may: apps were built from the file, and whoever scans the internet learns nothing of which version answers.
/// </summary>
public static class Introspection
{
    public static bool ForOperators(ClaimsPrincipal user) => CurrentAsker.ActorOf(user) is { Kind: ActorKind.Operator } && TokenScope.IsWholeAccount(user);
}
