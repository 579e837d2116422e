using TsVlm.Data.Canonical;
using TsVlm.Data.Readers;
using TsVlm.Data.Splits;

namespace TsVlm.Data.Tests.Readers;

public sealed class LabelSetTests
{
    [Theory]
    [InlineData("labels,a,b\nwalk|arms up,1,2\n,3,4\n\"arms up | walk\",5,6\narms up,7,8\nnone,9,9\n")]
    [InlineData("Labels,a,b\narms up|walk,1,2\nnone,3,4\nwalk |arms up,5,6\n arms up ,7,8\n\"\",9,9\n")]
    [InlineData("id,channel,time,value,labels\n1,c,0,1,walk|arms up\n1,c,1,2,arms up|walk\n2,c,0,3,\n2,c,1,4,none\n3,c,0,5,walk|arms up\n4,c,0,7,arms up\n5,c,0,9,\n")]
    public void Each_set_of_labels_is_one_class_whatever_their_order(string content)
    {
        using var files = new TextFiles().With("X.csv", content);

        var dataset = files.Read("X");

        Assert.True(dataset.HasLabelSets);
        Assert.Equal(["arms up|walk", "none", "arms up|walk", "arms up", "none"], dataset.Cases.Select(c => c.Label));
        Assert.Equal(["arms up", "arms up|walk", "none"], dataset.Classes);
        Assert.Equal(["arms up", "walk"], LabelSets.Labels(dataset.Classes));
        Assert.Contains("Cases have sets of labels: 2 labels in 3 combinations, each of which is a class. Another combination cannot be answered.", dataset.Warnings);
        Assert.Equal(["X"], DatasetReader.List(files.Folder));
    }

    [Fact]
    public void In_a_column_label_the_mark_is_a_letter_like_others()
    {
        using var files = new TextFiles().With("X.csv", "label,a\nb|a,1\nc,2\n");

        Assert.False(files.Read("X").HasLabelSets);
        Assert.Equal(["b|a", "c"], files.Read("X").Classes);
    }

    [Fact]
    public void A_set_that_only_test_cases_have_is_a_class_with_a_warning()
    {
        using var files = new TextFiles().With("X_TRAIN.csv", "labels,a\na,1\nb,2\n").With("X_TEST.csv", "labels,a\nb|a,1\n");

        var dataset = files.Read("X");

        Assert.Equal(["a", "a|b", "b"], dataset.Classes);
        Assert.Contains("1 class has no training case: 'a|b'.", dataset.Warnings);
    }

    [Theory]
    [InlineData("labels,x\na||b,1\n", "2): expected a label on both sides of every |, found 'a||b'. Take out the |, or name the label.")]
    [InlineData("labels,x\n|,1\n", "2): expected a label on both sides of every |, found '|'. Take out the |, or name the label.")]
    [InlineData("labels,x\na,1\nb| a |a,1\n", "3): expected each label once in a set, found 'a' 2 times. Remove the repeated ones.")]
    [InlineData("labels,x\na|none,1\n", "2): expected 'none' alone, which stands for no label, found 'a|none'. Rename the label.")]
    [InlineData("labels,x,label\na,1,b\n", "1): expected one column named label or labels, found more. Rename the others.")]
    [InlineData("id,channel,time,value,label,labels\n1,c,0,1,a,b\n",
        "1): expected each of the columns id,channel,time,value,label once, found id,channel,time,value,label,labels. Leave other columns out.")]
    [InlineData("id,channel,time,value,labels\n1,c,0,1,a|b\n1,c,1,1,a\n",
        "3): expected label 'a|b' as in the lines before of id '1', found 'a'. Give all lines of a case one label.")]
    public void A_wrong_file_is_an_error_with_its_line(string content, string message)
    {
        using var files = new TextFiles().With("X_TRAIN.csv", content);

        Assert.Equal("X_TRAIN.csv(" + message, Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Theory]
    [InlineData("label", "labels")]
    [InlineData("labels", "label")]
    public void Both_files_have_sets_or_neither(string train, string test)
    {
        using var files = new TextFiles().With("X_TRAIN.csv", $"{train},x\na,1\n").With("X_TEST.csv", $"{test},x\na,1\n");

        Assert.Equal($"X_TEST.csv(1): expected the column {train} as in X_TRAIN.csv, found {test}. Give both files one label a case, or sets of labels.",
            Assert.Throws<DataException>(() => files.Read("X")).Message);
    }

    [Fact]
    public void The_canonical_form_keeps_that_classes_are_sets_and_is_another_one_then()
    {
        LabelledSeries[] cases = [new(new TimeSeries([[1, 2]]), "a"), new(new TimeSeries([[1, 2]]), "b")];
        var (plain, sets) = (new Dataset("X", ["a", "b"], cases, [], []),
            new Dataset("X", ["a", "b"], cases, [], []) { HasLabelSets = true });

        Assert.Equal((false, "TSVLMDS1"), Kept(plain));
        Assert.Equal((true, "TSVLMDS2"), Kept(sets));
        Assert.NotEqual(DatasetFile.ContentHash(plain), DatasetFile.ContentHash(sets));
        Assert.True(sets.WithCases(cases).HasLabelSets);

        static (bool, string) Kept(Dataset dataset)
        {
            using var stream = new MemoryStream();
            DatasetFile.Write(dataset, stream);
            stream.Position = 0;
            var read = DatasetFile.Read(stream);
            Assert.Equal(DatasetFile.ContentHash(dataset), DatasetFile.ContentHash(read));
            return (read.HasLabelSets, System.Text.Encoding.ASCII.GetString(stream.ToArray(), 0, 8));
        }
    }

    [Theory]
    [InlineData("b|a")]
    [InlineData("a||b")]
    [InlineData("a|a")]
    [InlineData("a |b")]
    [InlineData("none|a")]
    public void Classes_that_are_no_sets_in_their_order_are_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new Dataset("X", [name], [], [], []) { HasLabelSets = true });

    [Fact]
    public void A_set_with_one_case_stays_in_training_and_no_case_is_lost()
    {
        string[] labels = ["a", "b", "a|b", "none"];
        int[] counts = [20, 10, 1, 2];
        LabelledSeries[] cases = [.. labels.Zip(counts)
            .SelectMany(pair => Enumerable.Range(0, pair.Second).Select(i => new LabelledSeries(new TimeSeries([[i, 1]]), pair.First)))];
        var dataset = new Dataset("X", [.. labels.Order(StringComparer.Ordinal)], cases, [], []) { HasLabelSets = true };

        var split = Splitter.Split(dataset, Splitter.EightyTenTen, 0);

        Assert.Equal(Enumerable.Range(0, 33), split.Train.Concat(split.Validation).Concat(split.Test).Order());
        Assert.Contains(30, split.Train);
    }
}
