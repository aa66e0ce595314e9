using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hrms.Api.Hosting;
using Hrms.Api.Identity;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.OwnApp;
using Hrms.Api.Identity.Recovery;
using Hrms.Api.Ingestion;
using Hrms.Contracts;
using Hrms.Storage.Keys;
using Hrms.TestKit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using static Hrms.TestKit.Fuzzing.ParserFuzz;

namespace Hrms.Api.Tests.Hostile;

/// <summary>What people type and links, browsers and devices bring to the accounts' server: damaged, it is refused or taken, soon and in little memory, and never a fault.</summary>
[Trait("Fault", "F37")]
public sealed class IdentityFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void LinksOfInvitations()
    {
        using var folder = new TemporaryFolder();
        var wrap = new FileKeyWrap(new FileKeyVault(folder["identity.json"], new SystemEntropy()));
        var code = new InvitationCode(new InvitationId(Guid.NewGuid()), InvitationKind.Operator, Installation.Id, null, "clerk@example.org", DateTimeOffset.UnixEpoch);
        Run(
            output, [Utf8(code.Seal(wrap)), Utf8((code with { Address = new string('a', 200) }).Seal(wrap))],
            bytes => InvitationCode.TryOpen(Encoding.UTF8.GetString(bytes), wrap, out var opened) && opened.Kind == InvitationKind.Operator);
    }

    /// <summary>What the key file wrapped, byte by byte: what was damaged opens nothing.</summary>
    [Fact]
    public void WhatTheKeyFileWrapped()
    {
        using var folder = new TemporaryFolder();
        var wrap = new FileKeyWrap(new FileKeyVault(folder["identity.json"], new SystemEntropy()));
        byte[][] good = [wrap.Wrap("a secret"u8.ToArray(), "invitation"), wrap.Wrap([], "invitation"), wrap.Wrap(new byte[500], "invitation")];
        Run(output, good, bytes => wrap.TryUnwrap(bytes, "invitation") is { } secret && (good.Any(whole => whole.AsSpan().SequenceEqual(bytes)) ? true : throw new InvalidOperationException($"{secret.Length} bytes of damage opened.")));
    }

    [Fact]
    public void CodesAndSheetsOnPaper() => Run(
        output, [Utf8(CheckedCode.Write(new byte[16])), Utf8(CheckedCode.Write([.. Enumerable.Range(0, 16).Select(i => (byte)(i * 17))])), Utf8(CheckedCode.Write(new byte[16]).ToLowerInvariant().Replace('-', ' '))],
        bytes => CheckedCode.Read(Encoding.UTF8.GetString(bytes), 16) is { Length: 16 });

    [Fact]
    public void KeysOfDevices()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        var jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}","kid":"a"}""";
        Run(
            output, [Utf8($$"""{"code":"0190aaaa","jwk":{{jwk}}}"""), Utf8($$"""{ "jwk" : {{jwk}}, "code" : "" }""")],
            bytes => JsonSerializer.Deserialize(bytes, DeviceKeyJson.Default.DeviceKeyBody)?.Jwk.ToPublicKey() is not null,
            typeof(JsonException));
    }

    /// <summary>Headers of a request whose cookie would count: nothing but our own origin, however it is written, is our own page.</summary>
    [Fact]
    public void WhereARequestComesFrom()
    {
        const string Ours = "https://records.example";
        var address = new PublicAddress(new HrmsIdentityOptions { Postgres = "x", KeyFile = "x", ClientsFile = "x", PublicUrl = new Uri(Ours) }, new NoServer());
        Run(
            output, [Utf8($"{Ours}|same-origin|1|/graphql"), Utf8($"{Ours}||1|/fhir/Patient/1"), Utf8("|same-origin|1|/session")],
            bytes =>
            {
                var parts = Encoding.Latin1.GetString(bytes).Split('|');
                string Part(int i) => i < parts.Length ? parts[i] : "";
                var http = new DefaultHttpContext { Request = { Path = new PathString(Part(3).StartsWith('/') ? Part(3) : "/") } };
                foreach (var (name, value) in new[] { ("Origin", Part(0)), ("Sec-Fetch-Site", Part(1)), (SameOrigin.Header, Part(2)) })
                    if (value.Length > 0)
                        http.Request.Headers[name] = value.Split(',');
                var isOurs = SameOrigin.Asks(http, address);
                Assert.False(isOurs && Part(0).Length > 0 && Part(0) != Ours);
                Assert.False(isOurs && Part(1).Length > 0 && Part(1) != "same-origin");
                return isOurs;
            });
    }

    private sealed class NoServer : IServer
    {
        public Microsoft.AspNetCore.Http.Features.IFeatureCollection Features => throw new NotSupportedException();

        public void Dispose() { }

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => throw new NotSupportedException();

        public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
