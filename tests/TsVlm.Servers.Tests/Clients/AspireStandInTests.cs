using System.Xml.Linq;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests;

public class AspireStandInTests
{
    /// <summary>Another version may have other names: compare them with the stand-in's, or build with -p:UseAspire=true, then change the figure there.</summary>
    [Theory]
    [InlineData("Aspire.RabbitMQ.Client", "StandInForBroker.cs")]
    [InlineData("Aspire.Azure.Storage.Blobs", "StandInForBlobs.cs")]
    public void A_stand_in_is_of_the_version_that_is_named_for_its_package(string package, string standIn)
    {
        var version = XDocument.Load(Path.Combine(TestFolders.Repository, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(p => p.Attribute("Include")!.Value == package).Attribute("Version")!.Value;
        var text = File.ReadAllText(Path.Combine(TestFolders.Repository, "tests", "TsVlm.Servers.Tests", "Clients", standIn));
        Assert.Contains($"// What is used of {package}, ", text);
        Assert.Contains($"Written for its {version}:", text);
    }

    [Theory]
    [InlineData("BrokerClient.cs")]
    [InlineData("BlobStoreClient.cs")]
    public void Plain_and_Aspire_offer_the_same_method(string file)
    {
        string[] Methods(string kind) => [.. File.ReadLines(Path.Combine(TestFolders.Repository, "TsVlm.ServiceDefaults", "Clients", kind, file))
            .Where(line => line.Contains("public static", StringComparison.Ordinal)).Select(line => line.Replace(" =>", "", StringComparison.Ordinal))];
        Assert.NotEmpty(Methods("Plain"));
        Assert.Equal(Methods("Plain"), Methods("Aspire"));
    }
}
