using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Hrms.Silo.Hosting;

/// <summary>
/// TLS between the cluster's processes, both ends by certificate. Whoever has a certificate of the cluster's own authority is of the cluster, at whatever address: so the authority signs for nothing
/// else. Read at the start; a renewed certificate is taken up by a restart, one process after the other.
/// </summary>
public sealed record ClusterTls(string? Certificate, string? Key, string? Authority)
{
    /// <summary>Whether anything of it is configured; then all of it has to be.</summary>
    public bool IsConfigured => Certificate is not null || Key is not null || Authority is not null;

    public string? Wrong => IsConfigured && (Certificate is null || Key is null || Authority is null)
        ? "ClusterCertificate, ClusterCertificateKey and ClusterAuthority belong together: name all three files (PEM)." : null;

    /// <exception cref="TransportException">A file is missing or holds no certificate, or the certificate is not the authority's.</exception>
    internal void Configure(TlsOptions tls)
    {
        var (own, authority) = Read();
        (tls.LocalCertificate, tls.RemoteCertificateMode, tls.ClientCertificateMode) = (own, RemoteCertificateMode.RequireCertificate, RemoteCertificateMode.RequireCertificate);
        // In place of names and public authorities, which the cluster's certificates have nothing to do with.
        tls.RemoteCertificateValidation = (certificate, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) && IsOf(authority, certificate);
        tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = "hrms-cluster";
    }

    private (X509Certificate2 Own, X509Certificate2Collection Authority) Read()
    {
        try
        {
            var own = X509Certificate2.CreateFromPemFile(Certificate!, Key);
            X509Certificate2Collection authority = [];
            authority.ImportFromPemFile(Authority!);
            return IsOf(authority, own) ? (own, authority) : throw new TransportException($"The certificate in {Certificate} is not good today, or not of the authority in {Authority}.");
        }
        catch (Exception fault) when (fault is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new TransportException($"The cluster's certificate can't be read from {Certificate}, {Key} and {Authority}: {fault.Message}");
        }
    }

    private static bool IsOf(X509Certificate2Collection authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
