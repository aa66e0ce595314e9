using System.Security.Claims;

namespace Hrms.Api.Budgets;

/// <summary>
/// What callers may cost, whichever edge they come to: GraphQL by HTTP and WebSocket, FHIR, ingestion. Every edge asks before it works and says afterwards what the work amounted to. The unit is
/// a selection of a GraphQL document; what asks a grain costs <see cref="RequestCost.Question"/>.
/// </summary>
public interface IRequestBudget
{
    /// <summary>Takes the cost from the caller's budget when there is anything left of it; what goes beyond is paid back before the next request.</summary>
    /// <param name="http">By its address a caller without a good token is known.</param>
    /// <param name="user">Whose token it is; over a WebSocket not the one of <paramref name="http"/>.</param>
    /// <param name="cost">At least 0.</param>
    /// <returns>Null: go on. Else nothing was taken, and the caller should come back after this time.</returns>
    TimeSpan? Admit(HttpContext http, ClaimsPrincipal user, long cost);

    /// <summary>Takes what is known only when the work is done, such as the size of an answer.</summary>
    void Charge(HttpContext http, ClaimsPrincipal user, long cost);
}

/// <summary>What costs how much.</summary>
public static class RequestCost
{
    /// <summary>What is asked with arguments: a look-up, a page, a command.</summary>
    public const int Question = 10;

    /// <summary>A document that is refused for what it is.</summary>
    public const int RefusedDocument = 10;

    /// <summary>Each kibibyte that is sent or answered, begun ones not counted.</summary>
    public static long OfBytes(long bytes) => bytes >> 10;
}

/// <summary>No limit: for servers that only tests run.</summary>
public sealed class UnlimitedBudget : IRequestBudget
{
    public static UnlimitedBudget Instance { get; } = new();

    public TimeSpan? Admit(HttpContext http, ClaimsPrincipal user, long cost) => null;

    public void Charge(HttpContext http, ClaimsPrincipal user, long cost)
    {
    }
}
