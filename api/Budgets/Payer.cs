using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Hrms.Api.Auth;
using Hrms.Contracts;

namespace Hrms.Api.Budgets;

/// <summary>Whose budget a request is charged to: the party that its token names, whatever app it comes by; without one the address that it comes from.</summary>
/// <param name="Party">Null: an address.</param>
internal readonly record struct Payer(ActorKind? Party, Guid Id)
{
    private const int NetworkBytes = 8;

    public static Payer Of(HttpContext http, ClaimsPrincipal user) =>
        CurrentAsker.ActorOf(user) is { } actor ? new Payer(actor.Kind, actor.Id) : Of(http.Connection.RemoteIpAddress);

    /// <summary>Who has an address of IPv6 has its whole network to change to (RFC 6177).</summary>
    public static Payer Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null)
            return default;
        var old = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        if (!old)
            bytes[NetworkBytes..].Clear();
        return new Payer(null, new Guid(bytes));
    }
}
