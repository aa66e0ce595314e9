namespace Hrms.Embedded;

/// <summary>A private service could not be started. The message names the folder or program and what to do about it.</summary>
public sealed class EmbeddedServiceException(string message, Exception? inner = null) : Exception(message, inner);
