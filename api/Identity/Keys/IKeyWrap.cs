using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Hrms.Api.Identity.Keys;

/// <summary>Wraps the data-protection keys, and through them all that the schema holds in secret, with a key that is not in the database.</summary>
public interface IKeyWrap
{
    byte[] Wrap(byte[] secret);

    byte[] Unwrap(byte[] wrapped);
}

/// <summary>Data protection's way to a key wrap.</summary>
internal sealed class WrappingXmlEncryptor(IKeyWrap wrap) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("wrapped", Convert.ToBase64String(wrap.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))), typeof(WrappingXmlDecryptor));
}

/// <summary>Made by data protection, by the name that stands beside each stored key.</summary>
internal sealed class WrappingXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<IKeyWrap>().Unwrap(Convert.FromBase64String(encryptedElement.Value))));
}
