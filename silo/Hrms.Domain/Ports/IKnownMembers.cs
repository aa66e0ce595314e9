namespace Hrms.Domain.Ports;

/// <summary>Whose signed papers this member believes: its own and those of the members whose keys its operator was given by a way that is trusted.</summary>
public interface IKnownMembers
{
    /// <summary>Their public keys as a JWK set (RFC 7517).</summary>
    string PublicKeys { get; }
}
