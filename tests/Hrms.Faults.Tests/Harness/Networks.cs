using System.ComponentModel;
using System.Diagnostics;
using System.Net;

namespace Hrms.Faults.Tests.Harness;

/// <summary>
/// Several machines on this one: network namespaces on one bridge, on which this machine is, too. What one sends to another can be lost, in one direction or both, without a word to either. Needs the rights
/// of root and Linux' <c>ip</c>; the test is skipped where it has them not.
/// </summary>
internal sealed class Networks : IAsyncDisposable
{
    // A network for trials (RFC 2544); no machine has this hardware address.
    private const string Network = "198.18", Nobody = "02:00:00:00:00:fe";
    private readonly string _name = $"hrms{Environment.ProcessId % 100_000}";
    private readonly int _part = Environment.ProcessId % 250;
    private readonly List<string> _made = [];

    private Networks()
    {
    }

    /// <summary>This machine's address among them.</summary>
    public IPAddress Here => IPAddress.Parse($"{Network}.{_part}.1");

    public static async Task<Networks> CreateAsync(int machines)
    {
        var networks = new Networks();
        try
        {
            await networks.MakeAsync(machines);
            return networks;
        }
        catch (Exception refused) when (refused is Win32Exception or NotPermittedException)
        {
            await networks.DisposeAsync();
            Assert.Skip($"Network namespaces need root and iproute2: {refused.Message}");
            throw;
        }
    }

    /// <param name="settings">What a silo's environment has there besides.</param>
    public Machine Machine(int number, params (string Name, string? Value)[] settings) => new(
        ["ip", "netns", "exec", NameOf(number)],
        [("Hrms__AdvertisedAddress", AddressOf(number)), ("ASPNETCORE_URLS", $"http://{AddressOf(number)}:0"), .. settings]);

    /// <summary>From now on what the one sends to the other is lost.</summary>
    public Task CutAsync(int from, int to) => IpAsync("-n", NameOf(from), "neigh", "replace", AddressOf(to), "lladdr", Nobody, "dev", "eth0", "nud", "permanent");

    /// <summary>What the one sends to the other arrives again.</summary>
    public Task HealAsync(int from, int to) => IpAsync("-n", NameOf(from), "neigh", "del", AddressOf(to), "dev", "eth0");

    /// <summary>When all that ran in them has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var made in _made)
            await IpAsync("netns", "del", made);
        if (Directory.Exists($"/sys/class/net/{_name}"))
            await IpAsync("link", "del", _name);
    }

    private async Task MakeAsync(int machines)
    {
        await IpAsync("link", "add", _name, "type", "bridge");
        await IpAsync("addr", "add", $"{Here}/24", "dev", _name);
        await IpAsync("link", "set", _name, "up");
        for (var number = 0; number < machines; number++)
        {
            var name = NameOf(number);
            await IpAsync("netns", "add", name);
            _made.Add(name);
            await IpAsync("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
            await IpAsync("link", "set", name, "master", _name, "up");
            await IpAsync("-n", name, "addr", "add", $"{AddressOf(number)}/24", "dev", "eth0");
            await IpAsync("-n", name, "link", "set", "eth0", "up");
            await IpAsync("-n", name, "link", "set", "lo", "up");
        }
    }

    private string NameOf(int number) => $"{_name}-{number}";

    private string AddressOf(int number) => $"{Network}.{_part}.{10 + number}";

    private static async Task IpAsync(params string[] arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var said = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        if (ip.ExitCode != 0)
            throw new NotPermittedException($"ip {string.Join(' ', arguments)}: {said.Trim()}");
    }

    private sealed class NotPermittedException(string message) : Exception(message);
}
