namespace Hrms.Contracts;

/// <summary>What an asker wants to do. The union of IHE PCF's actions and ABDM's access modes.</summary>
[GenerateSerializer]
public enum AccessAction
{
    /// <summary>Read a record once.</summary>
    View = 1,
    /// <summary>Write a record into the patient's stream.</summary>
    Store = 2,
    /// <summary>Be sent new data as it comes.</summary>
    Stream = 3,
    /// <summary>Search, list and count.</summary>
    Query = 4,
    /// <summary>Take a copy away.</summary>
    Export = 5,
}
