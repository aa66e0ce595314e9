using Hrms.Silo.Hosting;

namespace Hrms.Faults.Tests.Transport;

/// <summary>Nothing leaves a machine in the clear, unless an operator says that something else encrypts it: a process that would does not start, and says what to do.</summary>
public sealed class RefusedInTheClearTests
{
    private static readonly (string, string?)[] Silo = [("Hrms__Postgres", "Host=127.0.0.1"), ("Hrms__LedgerRpc", "http://127.0.0.1:1"), ("Hrms__KeyFolder", "/tmp/none"), ("ASPNETCORE_URLS", "http://127.0.0.1:0")];
    private static readonly (string, string?)[] Api = [("Hrms__Membership", "Host=127.0.0.1"), ("Hrms__Authority", "https://identity.example"), ("Hrms__AnyDocument", "true")];

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "Hrms.Silo.dll", "Hrms__Postgres", "Host=db.example", "SSL Mode=VerifyFull" },
        { "Hrms.Silo.dll", "Hrms__LedgerRpc", "https://a.example,http://b.example:8545", "Use https addresses" },
        { "Hrms.Silo.dll", "Hrms__AdvertisedAddress", "192.0.2.7", "ClusterCertificate" },
        { "Hrms.Silo.dll", "Hrms__ClusterCertificate", "/tmp/none.pem", "belong together" },
        { "Hrms.Api.dll", "Hrms__Membership", "Host=db.example;SSL Mode=Prefer", "SSL Mode=VerifyFull" },
        { "Hrms.Api.dll", "--urls", "http://0.0.0.0:0", "without TLS beyond this machine" },
        { "Hrms.Api.dll", "Kestrel__Endpoints__Open__Url", "http://*:0", "without TLS beyond this machine" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task AProcessThatWouldSpeakInTheClear_DoesNotStart_AndSaysWhatToDo(string program, string name, string value, string says)
    {
        using var folder = new TemporaryFolder();
        var isApi = program == "Hrms.Api.dll";
        string[] arguments = isApi ? ["serve", "--urls", name == "--urls" ? value : "http://127.0.0.1:0"] : [];
        (string, string?)[] more = name == "--urls" ? [] : [(name, value)];
        await using var process = HostProcess.Start(program, arguments, "HRMS", folder["log"], [.. isApi ? Api : Silo, .. more]);
        await process.EndedAsync();
        Assert.Contains(says, await File.ReadAllTextAsync(folder["log"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:80", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("http://localhost:80", true)]
    [InlineData("https://0.0.0.0:443", true)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://records.example", false)]
    [InlineData("HTTP://10.0.0.1", false)]
    public void Http_IsForThisMachine_OrOverTls(string url, bool taken)
    {
        Assert.Equal(taken, TransportRules.Http(url, PlaintextPaths.None) is null);
        Assert.Null(TransportRules.Http(url, PlaintextPaths.Http));
    }

    [Theory]
    [InlineData("Host=localhost", true)]
    [InlineData("Host=/var/run/postgresql", true)]
    [InlineData("Host=127.0.0.1,[::1]:5433", true)]
    [InlineData("Host=db.example;SSL Mode=VerifyFull", true)]
    [InlineData("Host=db.example;SSL Mode=Require", true)]
    [InlineData("Host=127.0.0.1,db.example", false)]
    [InlineData("Host=db.example;SSL Mode=Prefer", false)]
    [InlineData("Host=10.0.0.5;SSL Mode=Disable", false)]
    [InlineData("nonsense", false)]
    public void Postgres_IsOfThisMachine_OrOverTls(string connection, bool taken)
    {
        Assert.Equal(taken, TransportRules.Postgres(connection, PlaintextPaths.Http | PlaintextPaths.Ledger) is null);
        Assert.Null(TransportRules.Postgres(connection, PlaintextPaths.Postgres));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8545", true)]
    [InlineData("https://a.example,https://b.example", true)]
    [InlineData("https://a.example,http://b.example", false)]
    public void TheLedgersNodes_AreOfThisMachine_OrOverTls(string nodes, bool taken)
    {
        Assert.Equal(taken, TransportRules.Ledger(nodes, PlaintextPaths.Cluster) is null);
        Assert.Null(TransportRules.Ledger(nodes, PlaintextPaths.Ledger));
    }

    [Fact]
    public void ASiloOfAnotherMachine_IsSpokenToWithACertificate()
    {
        Assert.NotNull(TransportRules.Cluster("192.0.2.7", hasCertificate: false, PlaintextPaths.None));
        Assert.Null(TransportRules.Cluster("192.0.2.7", hasCertificate: true, PlaintextPaths.None));
        Assert.Null(TransportRules.Cluster("192.0.2.7", hasCertificate: false, PlaintextPaths.Cluster));
        Assert.Null(TransportRules.Cluster("127.0.0.1", hasCertificate: false, PlaintextPaths.None));
    }
}
