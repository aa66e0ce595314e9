using System.Net;
using Hrms.Storage;

namespace Hrms.Silo.Hosting;

/// <summary>What must be encrypted on its way (HIPAA 164.312(e), ASVS 5.0, 12.3): everything that leaves this machine. Called at the start of every host; each answer says what to do.</summary>
public static class TransportRules
{
    /// <summary>An address in the configuration or of the server, such as <c>http://0.0.0.0:5080</c>.</summary>
    /// <returns>Null: nothing is wrong.</returns>
    public static string? Http(string url, PlaintextPaths allowed) =>
        !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || IsThisMachine(BindingAddressHost(url)) || allowed.HasFlag(PlaintextPaths.Http) ? null
            : $"{url} would be served without TLS beyond this machine. Use an https address with a certificate (Kestrel:Certificates:Default), a loopback address behind a proxy, or say Hrms:Plaintext=Http.";

    public static string? Postgres(string connection, PlaintextPaths allowed)
    {
        if (allowed.HasFlag(PlaintextPaths.Postgres))
            return null;
        try
        {
            return PostgresTransport.HostsWithoutTls(connection).All(host => IsThisMachine(HostOf(host))) ? null
                : "PostgreSQL would be spoken to without TLS beyond this machine. Add SSL Mode=VerifyFull and Root Certificate to the connection string, or say Hrms:Plaintext=Postgres.";
        }
        catch (ArgumentException)
        {
            return "The connection string of PostgreSQL can't be read.";
        }
    }

    public static string? Ledger(string nodes, PlaintextPaths allowed) =>
        allowed.HasFlag(PlaintextPaths.Ledger) || nodes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .All(node => !Uri.TryCreate(node, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || IsThisMachine(url.Host)) ? null
            : "A node of the ledger would be spoken to without TLS beyond this machine. Use https addresses, or say Hrms:Plaintext=Ledger.";

    /// <param name="address">The address at which the others reach this process, or at which this one reaches a silo.</param>
    public static string? Cluster(string address, bool hasCertificate, PlaintextPaths allowed) =>
        hasCertificate || IsThisMachine(address) || allowed.HasFlag(PlaintextPaths.Cluster) ? null
            : $"Silos would be spoken to without TLS beyond this machine ({address}). Set Hrms:ClusterCertificate, ClusterCertificateKey and ClusterAuthority, or say Hrms:Plaintext=Cluster.";

    public static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>The host of an address that may hold a wildcard, which is no URI.</summary>
    private static string BindingAddressHost(string url) => HostOf(url["http://".Length..].Split('/')[0]);

    private static string HostOf(string authority) => authority.StartsWith('[') ? authority[..(authority.IndexOf(']') + 1)] : authority.Split(':')[0];
}
