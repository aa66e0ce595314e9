using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Hrms.Api.Identity.Keys;

/// <summary>Wraps the data-protection keys, and through them all that the schema holds in secret, with a key that is not in the database.</summary>
public interface IKeyWrap
{
    /// <param name="purpose">What it is for: what was wrapped for something else does not open.</param>
    byte[] Wrap(byte[] secret, string purpose = DataProtection);

    /// <returns>Null: it was not wrapped here, or for something else.</returns>
    byte[]? TryUnwrap(byte[] wrapped, string purpose = DataProtection);

    const string DataProtection = "data-protection";
}

/// <summary>Data protection's way to a key wrap.</summary>
internal sealed class WrappingXmlEncryptor(IKeyWrap wrap) : IXmlEncryptor
{
    /// <summary>What holds a wrapped key, in the XML of data protection.</summary>
    public const string Element = "wrapped";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement(Element, Convert.ToBase64String(wrap.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))), typeof(WrappingXmlDecryptor));
}

/// <summary>Made by data protection, by the name that stands beside each stored key.</summary>
internal sealed class WrappingXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(
            services.GetRequiredService<IKeyWrap>().TryUnwrap(Convert.FromBase64String(encryptedElement.Value))
            ?? throw new InvalidOperationException("A data-protection key in the database does not open with the key file. Restore the file that belongs to this database.")));
}
