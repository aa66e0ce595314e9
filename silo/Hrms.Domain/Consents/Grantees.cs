using Hrms.Contracts;

namespace Hrms.Domain.Consents;

internal static class Grantees
{
    /// <summary>
    /// The one name under which a party is found, however the terms or a token spell it: a denial that is not found would widen.
    /// </summary>
    public static Actor Key(this Actor actor) => actor.Kind switch
    {
        ActorKind.Anyone => Actor.Anyone,
        ActorKind.Role => actor with { ClientId = null },
        ActorKind.App => new Actor(ActorKind.App, Guid.Empty, null, actor.ClientId),
        _ => new Actor(actor.Kind, actor.Id),
    };
}
