using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Hrms.Api.Identity;

/// <summary>The one address under which the pages and the OAuth server are known, whatever a request's Host header says. Known once the server listens.</summary>
public sealed class PublicAddress(HrmsIdentityOptions options, IServer server)
{
    private Uri? _url = options.PublicUrl;

    public Uri Url => _url ??= OfThisMachine();

    public bool IsSecure => options.PublicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <summary>An absolute address of ours.</summary>
    public Uri At(string pathAndQuery) => new(Url, pathAndQuery);

    // A passkey belongs to a domain, never to a number: this machine is called localhost.
    private Uri OfThisMachine()
    {
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The server listens nowhere yet: its address is not known.");
        var address = BindingAddress.Parse(listening);
        var named = !IPAddress.TryParse(address.Host.Trim('[', ']'), out var number) && address.Host is not ("*" or "+");
        var host = named || (number is not null && !IPAddress.IsLoopback(number) && !number.Equals(IPAddress.Any) && !number.Equals(IPAddress.IPv6Any)) ? address.Host : "localhost";
        return new UriBuilder(address.Scheme, host, address.Port).Uri;
    }
}
