namespace Hrms.Contracts;

/// <summary>
/// How confidential a datum is: HL7 v3 code system Confidentiality (http://terminology.hl7.org/CodeSystem/v3-Confidentiality), by its codes, from least to most.
/// Data without a code is normal; a sensitivity label makes it restricted.
/// </summary>
[GenerateSerializer]
public enum Confidentiality
{
    /// <summary>Unrestricted.</summary>
    U = 1,
    /// <summary>Low.</summary>
    L = 2,
    /// <summary>Moderate.</summary>
    M = 3,
    /// <summary>Normal.</summary>
    N = 4,
    /// <summary>Restricted.</summary>
    R = 5,
    /// <summary>Very restricted.</summary>
    V = 6,
}
